// Puts the reports of the last runs into docs/performance.md and the figures of bench/queue and bench/mcp into docs/performance,
// and draws the charts of that page and of the README from what is there, so that another run redraws them.
//
//   node bench/publish.mjs       refuses figures of a busy machine
//   BUSY=1 node bench/publish.mjs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chart } from './common/charts.mjs';
import { median } from './common/statistics.mjs';
import { medians } from './mcp/report.mjs';

const root = new URL('..', import.meta.url).pathname;
const docs = `${root}docs/performance`;
const page = `${root}docs/performance.md`;
const read = file => JSON.parse(readFileSync(file, 'utf8'));
mkdirSync(docs, { recursive: true });

// Of these the figures are kept, too.
const CHARTED = ['queue', 'mcp'];

let text = readFileSync(page, 'utf8');
for (const name of ['queue', 'mcp', 'streams', 'start', 'gateway']) {
  const result = `${root}bench/results/${name}.json`;
  if (!existsSync(result)) continue;
  const figures = read(result);
  const { busy, quick } = figures.machine;
  if ((busy || quick) && process.env.BUSY !== '1') {
    const why = busy ? 'on a busy machine' : 'in a short run';
    process.stderr.write(`${result} was measured ${why}, so it is not published. Run the benchmark again, or publish with BUSY=1.\n`);
    process.exit(3);
  }
  if (CHARTED.includes(name)) writeFileSync(`${docs}/${name}.json`, `${JSON.stringify(figures)}\n`);
  const [from, to] = [`<!-- figures: ${name} -->`, `<!-- /figures: ${name} -->`];
  if (!text.includes(from) || !text.includes(to)) throw new Error(`${page} has no place for the figures: ${from} … ${to}`);
  text = `${text.slice(0, text.indexOf(from) + from.length)}\n${readFileSync(result.replace(/json$/, 'md'), 'utf8')}${text.slice(text.indexOf(to))}`;
}
writeFileSync(page, text);

const queue = read(`${docs}/queue.json`);
const mcp = read(`${docs}/mcp.json`);
const note = ({ machine: { from, commit, processors, busy } }) =>
  `${from.slice(0, 10)}, commit ${commit}, ${processors} processors, interleaved; medians.` +
  (busy ? ' Busy machine: no comparison.' : '');

const beside = (title, ours, theirs, peer) => ({ title, bars: [{ label: 'Longhaul', value: ours }, { label: peer, value: theirs }] });

const off = queue.rounds.filter(({ aof }) => aof === 'off');
const bullmq = (title, of) => beside(title, of('longhaul'), of('bullmq'), 'BullMQ 6.7');
const rate = part => name => median(off.map(round => round[name][part].rate));
const jobs = bullmq('no-op jobs/s', rate('work'));

const task = Object.fromEntries(medians(mcp.rounds, 'task').map(one => [one.name.split(' ')[0], one]));
const docket = (title, field, scale = 1) => beside(title, task.longhaul[field] * scale, task.fastmcp[field] * scale, 'FastMCP + Docket');
const calls = docket('queued MCP calls/s, 32 callers', 'rate');
const alone = docket('one queued call alone, p50 ms', 'alone50');

const LABELS = {
  'longhaul modern': 'Longhaul',
  'typescript modern': 'TypeScript',
  'stock legacy': 'Spring AI stock',
  'fastmcp modern': 'FastMCP',
};
const cpu = scenario => ({
  title: `${scenario}: CPU a call, µs`,
  bars: medians(mcp.rounds, scenario)
    .filter(({ name }) => LABELS[name])
    .map(one => ({ label: LABELS[one.name], value: one.cpu })),
});
const openLoop = (title, field) => beside(title, mcp.openLoop.longhaul[field], mcp.openLoop.fastmcp[field], 'FastMCP + Docket');

const charts = {
  summary: chart([calls, alone, jobs], note(mcp)),
  queue: chart(
    [
      bullmq('bulk enqueue, jobs/s', rate('bulk')),
      bullmq('single enqueue, jobs/s', rate('single')),
      jobs,
      bullmq('Redis CPU a job, µs', name => median(off.map(round => round[name].bulk.cpu + round[name].work.cpu))),
      bullmq('bytes a queued job', name => queue.bytes['512'][name]),
      bullmq('idle pickup p50, round trips', name => median(queue.latency.rounds.map(round => round[name].pickup))),
    ],
    note(queue),
  ),
  mcp: chart(['inline', 'resource', 'prompt', 'mixed'].map(cpu), note(mcp), 2),
  durable: chart(
    [
      calls,
      docket('32 callers: p50, ms', 'p50'),
      docket('32 callers: p99, ms', 'p99'),
      alone,
      docket('CPU of the server, µs a call', 'cpu'),
      docket('CPU of Redis, µs a call', 'redis'),
      openLoop('half of the highest rate: p50, ms', 'p50'),
      openLoop('p99, ms', 'p99'),
      openLoop('p99.9, ms', 'p999'),
    ],
    note(mcp),
  ),
};
for (const [name, svg] of Object.entries(charts)) writeFileSync(`${docs}/${name}.svg`, svg);

/** Shows a chart before a line of a page, unless the page shows it already. */
function show(file, before, image) {
  const text = readFileSync(file, 'utf8');
  if (text.includes(image)) return;
  if (!text.includes(before)) throw new Error(`${file} has no place for ${image}: ${before}`);
  writeFileSync(file, text.replace(before, () => `${image}\n\n${before}`));
}
show(`${root}README.md`, '## One minute', '![Queued calls beside FastMCP with Docket, jobs beside BullMQ](docs/performance/summary.svg)');
show(page, '<!-- figures: queue -->', '![Longhaul beside BullMQ](performance/queue.svg)');
show(page, '<!-- figures: mcp -->', '![Processor time of a call](performance/mcp.svg)');
show(page, '<!-- figures: mcp -->', '![Durable calls beside FastMCP and Docket](performance/durable.svg)');
