// Small bar charts as SVG that can be read on a light and on a dark page.

const WIDTH = 280;
const PAD = 16;
const LABEL = 118;
const BAR = 14;
const ROW = 20;
const HEAD = 30;

const STYLE = `
text{font:12px -apple-system,BlinkMacSystemFont,"Segoe UI",Helvetica,Arial,sans-serif;fill:#1f2328}
.title{font-weight:600}
.note{font-size:11px;fill:#59636e}
.ours{fill:#0969da}
.theirs{fill:#9198a1}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}
.note{fill:#9198a1}
.ours{fill:#4493f8}
.theirs{fill:#656c76}
}`;

const escaped = text => String(text).replace(/[&<>"]/g, one => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one]);

function shown(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const height = ({ bars }) => HEAD + bars.length * ROW + PAD;

function panel({ title, bars }, x, y) {
  const most = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - LABEL - 56;
  const rows = bars.map(({ label, value }, i) => {
    const top = y + HEAD + i * ROW;
    const long = Math.max(1, (room * value) / most);
    const kind = label.startsWith('Longhaul') ? 'ours' : 'theirs';
    return (
      `<text x="${x + LABEL - 6}" y="${top + 11}" text-anchor="end">${escaped(label)}</text>` +
      `<rect class="${kind}" x="${x + LABEL}" y="${top}" width="${long.toFixed(1)}" height="${BAR}" rx="2"/>` +
      `<text x="${(x + LABEL + long + 5).toFixed(1)}" y="${top + 11}">${shown(value)}</text>`
    );
  });
  return `<text class="title" x="${x}" y="${y + 16}">${escaped(title)}</text>${rows.join('')}`;
}

/**
 * A chart of panels, each a group of bars with a scale of its own.
 *
 * @param panels [{title, bars: [{label, value}]}]; Longhaul's bars are coloured
 * @param note a small line below
 * @param columns how many panels stand beside each other
 */
export function chart(panels, note, columns = 3) {
  const lines = [];
  for (let i = 0; i < panels.length; i += columns) lines.push(panels.slice(i, i + columns));
  let y = PAD / 2;
  const drawn = [];
  for (const line of lines) {
    line.forEach((one, i) => drawn.push(panel(one, PAD + i * (WIDTH + PAD), y)));
    y += Math.max(...line.map(height));
  }
  const width = PAD + Math.min(columns, panels.length) * (WIDTH + PAD);
  const said = panels.map(({ title, bars }) => `${title}: ${bars.map(({ label, value }) => `${label} ${shown(value)}`).join(', ')}`).join('; ');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 22}" width="${width}" height="${y + 22}" role="img" aria-label="${escaped(said)}">` +
    `<style>${STYLE}</style>\n${drawn.join('\n')}\n<text class="note" x="${PAD}" y="${y + 8}">${escaped(note)}</text>\n</svg>\n`
  );
}
