// The figures as text: tables of medians, and one line a target.
export const median = numbers => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

const whole = number => Math.round(number).toLocaleString('en');
const NAMES = {
  'longhaul modern': 'Longhaul, 2026-07-28',
  'longhaul legacy': 'Longhaul, 2025-11-25',
  'typescript modern': 'TypeScript 2.4, 2026-07-28',
  'typescript legacy': 'TypeScript 2.4, 2025-11-25',
  'stock legacy': 'Spring AI stock, 2025-11-25',
};

/** Medians over the rounds of one scenario, by system. */
function medians(rounds, scenario) {
  const names = Object.keys(NAMES).filter(name => rounds[0][scenario]?.[name]);
  const of = (name, field) => median(rounds.map(round => round[scenario][name][field]));
  return names.map(name => ({
    name,
    ...Object.fromEntries(['rate', 'cpu', 'redis', 'p50', 'p99'].map(field => [field, of(name, field)])),
  }));
}

/** The median of each round's own ratio of processor time a call; of several names the cheapest. Null if not measured. */
function ratio(rounds, over, under) {
  const read = (round, [scenario, ...names]) => Math.min(...names.map(name => round[scenario]?.[name]?.cpu ?? NaN));
  const all = rounds.map(round => read(round, over) / read(round, under)).filter(Number.isFinite);
  return all.length > 0 ? median(all) : null;
}

/** [name, value, bound, whether more is better]. */
function targets({ rounds, streams, computing }) {
  const all = [];
  for (const scenario of ['inline', 'resource', 'prompt', 'mixed']) {
    const ours = era => [scenario, `longhaul ${era}`];
    all.push([`${scenario}: calls per CPU second, × TypeScript`, ratio(rounds, [scenario, 'typescript modern', 'typescript legacy'], ours('modern')), 5, true]);
    for (const [era, revision] of [['modern', '2026-07-28'], ['legacy', '2025-11-25']]) {
      const value = ratio(rounds, [scenario, 'stock legacy'], ours(era));
      all.push([`${scenario}, ${revision}: calls per CPU second, × stock transport`, value, 1.5, true]);
    }
  }
  all.push(['queued: CPU a call, × inline', ratio(rounds, ['queued', 'longhaul modern'], ['inline', 'longhaul modern']), 3]);
  all.push([`MB with ${whole(streams.count)} open streams`, streams.longhaul.after, 700]);
  all.push([`readiness while ${computing.tools} jobs and ${computing.tools} inline calls compute: p99, ms`, computing.p99, 250]);
  return all;
}

export function report(figures) {
  const { rounds, streams, computing, reps, calls, connections, load } = figures;
  const lines = [
    `${reps} repetitions, ${whole(calls)} calls over ${connections} connections each; medians. Load average at the` +
      ` start ${load[0].toFixed(1)}, after the repetitions ${load.slice(1).map(one => one.toFixed(1)).join(', ')}.`,
  ];
  for (const scenario of Object.keys(rounds[0])) {
    lines.push('', `| ${scenario} | calls/s | CPU a call, µs | of Redis, µs | alone: p50, ms | p99, ms |`, '|---|---|---|---|---|---|');
    for (const row of medians(rounds, scenario)) {
      const redis = row.name.startsWith('longhaul') ? row.redis.toFixed(0) : '';
      lines.push(`| ${NAMES[row.name]} | ${whole(row.rate)} | ${row.cpu.toFixed(0)} | ${redis} | ${row.p50.toFixed(2)} | ${row.p99.toFixed(2)} |`);
    }
  }
  lines.push('', `| ${whole(streams.count)} open streams | MB before | MB with them | a call meanwhile, p50 ms |`, '|---|---|---|---|');
  for (const name of ['longhaul', 'typescript']) {
    const { before, after, p50 } = streams[name];
    lines.push(`| ${NAMES[`${name} modern`]} | ${whole(before)} | ${whole(after)} | ${p50.toFixed(2)} |`);
  }
  const { tools, seconds, p50, p99 } = computing;
  lines.push('', `Readiness over ${seconds} s while ${tools} jobs and ${tools} inline calls compute: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms.`);
  lines.push('');
  for (const [name, value, bound, more] of targets(figures)) {
    if (value === null) {
      lines.push(`${name} not served`);
      continue;
    }
    const met = more ? value >= bound : value <= bound;
    lines.push(`${name} ${value.toFixed(2)} ${more ? '≥' : '≤'} ${bound} ${met ? 'met' : 'short'}`);
  }
  return `${lines.join('\n')}\n`;
}
