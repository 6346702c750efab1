// The name of what has the focus: its label, without what it holds.
() => {
  const one = document.activeElement;
  const group = one.closest('[data-testid="stSelectbox"], [data-testid="stDateInput"], [data-testid="stMultiSelect"]');
  return (group?.querySelector('label')?.innerText || one.getAttribute('aria-label') || one.innerText || '').trim();
}
