// The figures as text: tables of medians, and one line a target.
import { conditions } from '../common/machine.mjs';
import { median, whole } from '../common/statistics.mjs';
import { atLeast, atMost, line } from '../common/targets.mjs';
import { DURABLE_SHARE } from './requests.mjs';

const NAMES = {
  'longhaul modern': 'Longhaul, 2026-07-28',
  'longhaul legacy': 'Longhaul, 2025-11-25',
  'typescript modern': 'TypeScript 2.4, 2026-07-28',
  'typescript legacy': 'TypeScript 2.4, 2025-11-25',
  'stock legacy': 'Spring AI stock, 2025-11-25',
  'fastmcp modern': 'FastMCP 4.1.4, 2026-07-28',
};
const SYSTEMS = { longhaul: 'Longhaul', fastmcp: 'FastMCP 4.1.4 + Docket' };
const STORED_NOWHERE = ' (not stored)';
const FIELDS = ['rate', 'cpu', 'redis', 'commands', 'p50', 'p99', 'alone50', 'alone99'];

/** Medians over the rounds of one scenario, by system. */
export function medians(rounds, scenario) {
  const names = Object.keys(NAMES).filter(name => rounds[0][scenario]?.[name]);
  const of = (name, field) => median(rounds.map(round => round[scenario][name][field]));
  return names.map(name => ({ name, ...Object.fromEntries(FIELDS.map(field => [field, of(name, field)])) }));
}

/** The median of each round's own ratio of a figure; of several names the smallest. */
function ratio(rounds, over, under, field = 'cpu') {
  const read = (round, [scenario, ...names]) => Math.min(...names.map(name => round[scenario]?.[name]?.[field] ?? NaN));
  return median(rounds.map(round => read(round, over) / read(round, under)));
}

function targets({ rounds, streams, computing, lone, recovery }) {
  const all = [];
  for (const scenario of ['inline', 'resource', 'prompt', 'mixed']) {
    const bound = scenario === 'mixed' ? 1.2 : 1.5;
    const add = (what, theirs, ours, least) => all.push(atLeast(`${what}: calls per CPU second, × ${theirs[0]}`, ratio(rounds, [scenario, ...theirs.slice(1)], ours), least));
    const typescript = ['TypeScript', 'typescript modern', 'typescript legacy'];
    const stock = ['stock transport', 'stock legacy'];
    add(scenario, typescript, [scenario, 'longhaul modern'], 5);
    for (const [era, revision] of [['modern', '2026-07-28'], ['legacy', '2025-11-25']]) {
      add(`${scenario}, ${revision}`, stock, [scenario, `longhaul ${era}`], bound);
      if (scenario === 'mixed') add(`mixed, its inline share, ${revision}`, stock, ['mixed, its inline share', `longhaul ${era}`], 1.5);
    }
  }
  all.push(
    atMost('queued call: CPU a call, × inline (one process, role all)', ratio(rounds, ['queued', 'longhaul modern'], ['inline', 'longhaul modern']), 2.5),
    atMost('queued call alone: commands to Redis (role all)', lone['longhaul queued'].sent, 3),
    atMost('queued call alone: redis.calls', lone['longhaul queued'].executed, 30),
    atMost('queued call alone, api and worker apart: commands to Redis', lone['longhaul queued apart'].sent, 6),
    atMost('queued call alone, api and worker apart: p50, RTT', lone['longhaul queued apart'].rtts, 3.5),
    atLeast('queued call × FastMCP tasks + Docket: calls/s, 32 callers', ratio(rounds, ['task', 'longhaul modern'], ['task', 'fastmcp modern'], 'rate'), 40),
    atMost('queued call × FastMCP tasks + Docket: p50 alone', ratio(rounds, ['task', 'longhaul modern'], ['task', 'fastmcp modern'], 'alone50'), 0.1),
    atMost('acknowledged calls lost by kill -9', recovery.longhaul.lost, 0),
    atMost(`MB with ${whole(streams.count)} open streams (-Xmx512m)`, streams.longhaul.after, 500),
    atMost(`readiness while ${computing.tools} jobs and ${computing.tools} inline calls compute: p99, ms`, computing.p99, 250),
  );
  return all;
}

const table = (...heads) => ['', `| ${heads.join(' | ')} |`, `|${'---|'.repeat(heads.length)}`];
const row = (...values) => `| ${values.join(' | ')} |`;

/** What the durable and the other calls of a mix cost: the former as measured alone, the latter by their own stream. */
function shares(rounds) {
  const lines = table('mixed, CPU a call, µs', 'all', `durable calls (${100 * DURABLE_SHARE} %), each`, 'the others, each', 'p50 durable, ms', 'p50 inline, ms');
  for (const era of ['modern', 'legacy']) {
    const name = `longhaul ${era}`;
    const cpu = scenario => median(rounds.map(round => round[scenario][name].cpu));
    const kind = one => median(rounds.map(round => round.mixed[name].kinds[one]));
    const others = cpu('mixed, its inline share');
    const durable = (cpu('mixed') - (1 - DURABLE_SHARE) * others) / DURABLE_SHARE;
    lines.push(row(NAMES[name], cpu('mixed').toFixed(0), durable.toFixed(0), others.toFixed(0), kind('queued').toFixed(2), kind('inline').toFixed(2)));
  }
  return lines;
}

export function report(figures) {
  const { rounds, streams, computing, reps, connections, callers, warm, machine, openLoop, lone, progress, recovery } = figures;
  const warmed = Object.entries(warm).map(([scenario, one]) => `${scenario} ${one.rounds}${one.warm ? '' : ' (some rate still rose)'}`);
  const lines = [
    `${conditions(machine)} ${reps} repetitions over ${connections} connections (tasks: ${callers}); medians. Rounds of warming up: ${warmed.join(', ')}.`,
  ];
  for (const scenario of Object.keys(rounds[0])) {
    lines.push(...table(scenario, 'calls/s', 'CPU a call, µs', 'of Redis, µs', 'commands in Redis', 'p50, ms', 'p99, ms', 'alone: p50, ms', 'p99, ms'));
    for (const one of medians(rounds, scenario)) {
      const stored = one.name.startsWith('longhaul') || scenario === 'task';
      const label = NAMES[one.name] + (scenario === 'queued' && !stored ? STORED_NOWHERE : '');
      const redis = stored ? [one.redis.toFixed(0), one.commands.toFixed(1)] : ['', ''];
      lines.push(row(label, whole(one.rate), one.cpu.toFixed(0), ...redis, ...[one.p50, one.p99, one.alone50, one.alone99].map(ms => ms.toFixed(2))));
    }
  }
  lines.push(...shares(rounds));
  lines.push(...table('a durable call alone', 'commands to Redis', 'commands in Redis', 'p50, ms', 'in round trips'));
  for (const [name, { sent, executed, p50, rtts }] of Object.entries(lone)) {
    const [system, scenario, apart] = name.split(' ');
    const what = `${SYSTEMS[system]}, ${scenario === 'task' ? 'as a task' : 'held'}, ${apart ? 'api and worker apart, 4 ms to Redis' : 'one process'}`;
    lines.push(row(what, sent.toFixed(1), executed.toFixed(1), p50.toFixed(2), rtts ? rtts.toFixed(2) : ''));
  }
  const seconds = Object.values(openLoop)[0].seconds;
  lines.push(...table(`tasks at their own times, ${seconds} s, half of the highest rate`, 'calls/s', 'p50, ms', 'p99, ms', 'p99.9, ms', 'most, ms'));
  for (const [name, { rate, p50, p99, p999, most }] of Object.entries(openLoop)) {
    lines.push(row(SYSTEMS[name], whole(rate), ...[p50, p99, p999, most].map(ms => ms.toFixed(2))));
  }
  lines.push(...table('1,000 reports of progress', 'p50, ms', 'CPU a call, ms', 'of Redis, ms', 'commands in Redis', 'notifications to the client'));
  for (const [name, { p50, cpu, redis, executed, notifications }] of Object.entries(progress)) {
    const label = `${SYSTEMS[name.split(' ')[0]]}, ${name.endsWith('task') ? 'as a task' : 'held'}`;
    lines.push(row(label, p50.toFixed(1), cpu.toFixed(1), redis.toFixed(1), whole(executed), notifications));
  }
  lines.push(...table('kill -9, started again at once', 'acknowledged', 'lost', 'ready after, s', 'last result after, s'));
  for (const [name, { acknowledged, lost, ready, last }] of Object.entries(recovery)) {
    lines.push(row(SYSTEMS[name], acknowledged, lost, ready.toFixed(1), last === null ? '' : last.toFixed(1)));
  }
  lines.push(...table(`${whole(streams.count)} open streams`, 'MB before', 'MB with them', 'a call meanwhile, p50 ms'));
  for (const name of ['longhaul', 'typescript']) {
    const { before, after, p50 } = streams[name];
    lines.push(row(NAMES[`${name} modern`], whole(before), whole(after), p50.toFixed(2)));
  }
  const { tools, p50, p99 } = computing;
  lines.push('', `Readiness over ${computing.seconds} s while ${tools} jobs and ${tools} inline calls compute: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms.`);
  lines.push('', ...targets(figures).map(target => `    ${line(target)}`));
  return `${lines.join('\n')}\n`;
}
