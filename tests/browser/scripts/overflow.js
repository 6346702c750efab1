// The outermost elements that stand out of the window to the right, when the page can be scrolled sideways.
() => {
  const areas = [document.documentElement, ...document.querySelectorAll('main, [data-testid="stMain"]')];
  if (!areas.some((area) => area.scrollWidth > area.clientWidth + 1)) return [];
  const out = [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1);
  const named = out.filter((one) => !out.includes(one.parentElement)).slice(0, 5);
  return ['the page is wider than the window', ...named.map((one) => `${one.dataset.testid || one.tagName} ${one.className}`)];
}
