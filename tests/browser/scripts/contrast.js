// Texts with less contrast to what lies behind them than WCAG 2.2 AA asks for (1.4.3): 4.5, or 3 for large ones and for icons.
(decoration) => {
  const pixel = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = (top, bottom) => [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3])).concat(1);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const lineage = (one) => { const line = []; for (let e = one; e; e = e.parentElement) line.push(e); return line; };
  const holds = ({ left, right, top, bottom }, x, y) => left <= x && x <= right && top <= y && y <= bottom;
  const middle = ({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2];
  // What is placed outside its parent, as the figure above a slider's knob, does not stand before the parent's colour.
  const behind = (line, box) => {
    let colour = [255, 255, 255, 1];
    for (const e of [...line].reverse()) {
      if (e === document.body || e === document.documentElement || holds(e.getBoundingClientRect(), ...middle(box)))
        colour = over(rgba(getComputedStyle(e).backgroundColor), colour);
    }
    return colour;
  };
  // A figure written on a bar stands before the bar's colour, not before the page's.
  const shapeBehind = (one, box) => {
    const shapes = one.closest('.js-plotly-plot')?.querySelectorAll('.point path, .shapelayer path, .slice path') || [];
    return [...shapes].reverse().find((shape) => {
      return holds(shape.getBoundingClientRect(), ...middle(box)) && getComputedStyle(shape).fill !== 'none';
    });
  };
  const faint = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const one = walker.currentNode.parentElement;
    if (!text || text === decoration || !one.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || one.closest('script, style, noscript, canvas, table[role="grid"]')) continue;
    if (one.closest('[disabled], [aria-disabled="true"], [aria-hidden="true"]:not([data-testid="stIconMaterial"])')) continue;
    const line = lineage(one);
    if (line.some((e) => getComputedStyle(e).backgroundImage !== 'none')) continue;
    const style = getComputedStyle(one);
    const colour = one instanceof SVGElement ? style.fill : style.color;
    const own = rgba(colour);
    const opacity = line.reduce((product, e) => product * Number(getComputedStyle(e).opacity), 1);
    let back = behind(line, box);
    const shape = one instanceof SVGElement && shapeBehind(one, box);
    if (shape) {
      const { fill, fillOpacity, opacity: fade } = getComputedStyle(shape);
      if (fill.startsWith('url')) continue; // hatched
      const [r, g, b, a] = rgba(fill);
      back = over([r, g, b, a * Number(fillOpacity) * Number(fade)], back);
    }
    const [high, low] = [light(over([...own.slice(0, 3), own[3] * opacity], back)), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) || one.dataset.testid === 'stIconMaterial';
    if (ratio < (isLarge ? 3 : 4.5) - 0.01) {
      faint.set(text.slice(0, 40), `${ratio.toFixed(2)}: ${colour} at ${opacity.toFixed(2)} on ${back.slice(0, 3).map(Math.round)}, ${one.closest('[data-testid]').dataset.testid}`);
    }
  }
  return [...faint].map(([text, told]) => `「${text}」 ${told}`);
}
