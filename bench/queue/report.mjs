// The figures as text: a table with medians and ratios, and one line a target.
import { median } from './scenarios.mjs';

const whole = number => Math.round(number).toLocaleString('en');
const fixed = digits => number => number.toFixed(digits);

/** Rows of [what, of Longhaul, of BullMQ, how to write them]. */
function rows({ rounds, bytes, roundTrips, latency, idle, killed }) {
  const all = [];
  const of = (aof, read) => median(rounds.filter(round => round.aof === aof).map(read));
  const both = (what, read, form) => all.push([what, read('longhaul'), read('bullmq'), form]);
  for (const aof of ['off', 'everysec']) {
    const suffix = `AOF ${aof}`;
    both(`bulk enqueue, jobs/s, ${suffix}`, name => of(aof, round => round[name].bulk.rate), whole);
    both(`single enqueue, 50 in flight, jobs/s, ${suffix}`, name => of(aof, round => round[name].single.rate), whole);
    both(`no-op jobs, 50 slots, jobs/s, ${suffix}`, name => of(aof, round => round[name].work.rate), whole);
    both(`Redis CPU, bulk enqueue, µs a job, ${suffix}`, name => of(aof, round => round[name].bulk.cpu), fixed(1));
    both(`Redis CPU, single enqueue, µs a job, ${suffix}`, name => of(aof, round => round[name].single.cpu), fixed(1));
    both(`Redis CPU, process, µs a job, ${suffix}`, name => of(aof, round => round[name].work.cpu), fixed(1));
  }
  both('round trips a job under backlog', name => roundTrips[name], fixed(3));
  both('idle pickup p50, RTT', name => median(latency.map(round => round[name].pickup)), fixed(2));
  both('idle add-to-done p50, RTT', name => median(latency.map(round => round[name].done)), fixed(2));
  for (const value of Object.keys(bytes)) {
    both(`bytes a queued 200-byte job, listpack value ${value}`, name => bytes[value][name], whole);
  }
  if (idle) both('commands a second, idle process', name => idle[name], fixed(2));
  if (killed) both('worker killed -9: back in work, s', name => killed[name], fixed(1));
  return all;
}

/** QUEUE.md's targets: [name, value, bound, whether more is better]. */
function targets({ rounds, bytes, roundTrips, latency, idle, killed }) {
  const ratio = read => median(rounds.filter(({ aof }) => aof === 'off').map(r => read(r.longhaul, r) / read(r.bullmq, r)));
  const off = rounds.filter(({ aof }) => aof === 'off');
  const everysec = rounds.filter(({ aof }) => aof !== 'off');
  const kept = part => median(everysec.map((round, i) => round.longhaul[part].rate / off[i].longhaul[part].rate));
  const all = [
    ['bulk enqueue, × BullMQ', ratio(system => system.bulk.rate), 4, true],
    ['single enqueue, × BullMQ', ratio(system => system.single.rate), 1.7, true],
    ['no-op jobs, × BullMQ', ratio(system => system.work.rate), 4, true],
    ['no-op jobs, of raw EVALSHA', median(off.map(({ longhaul, raw }) => longhaul.work.rate / raw.EVALSHA)), 0.9, true],
    ['Redis CPU a job, × BullMQ', ratio(system => system.bulk.cpu + system.work.cpu), 0.3],
    ['round trips a job', roundTrips.longhaul, 0.05],
    ['idle pickup p50, RTT', median(latency.map(round => round.longhaul.pickup)), 1.1],
    ['add-to-done p50, RTT', median(latency.map(round => round.longhaul.done)), 2.1],
    ['bytes a queued job, × BullMQ as documented', bytes['512'].longhaul / bytes['64'].bullmq, 0.6],
    ['AOF everysec: bulk enqueue, of no AOF', kept('bulk'), 0.65, true],
    ['AOF everysec: no-op jobs, of no AOF', kept('work'), 0.65, true],
  ];
  if (killed) all.push(['worker killed: back in work, s', killed.longhaul, 15]);
  if (idle) all.push(['idle commands/s a process', idle.longhaul, 1]);
  return all;
}

export function report(figures) {
  const { rounds, version, reps, jobs } = figures;
  const lines = [`Redis ${version}, ${reps} repetitions of ${whole(jobs)} jobs; medians.`, ''];
  lines.push('| | Longhaul | BullMQ | ratio |', '|---|---|---|---|');
  for (const [what, ours, theirs, form] of rows(figures)) {
    lines.push(`| ${what} | ${form(ours)} | ${form(theirs)} | ${(ours / theirs).toFixed(2)} |`);
  }
  lines.push('', '| redis-benchmark, 50 connections, commands/s | AOF off | AOF everysec |', '|---|---|---|');
  for (const command of Object.keys(rounds[0].raw)) {
    const of = aof => whole(median(rounds.filter(round => round.aof === aof).map(round => round.raw[command])));
    lines.push(`| ${command === 'EVALSHA' ? 'EVALSHA(HSET + LPUSH)' : command} | ${of('off')} | ${of('everysec')} |`);
  }
  lines.push('');
  for (const [name, value, bound, more] of targets(figures)) {
    const met = more ? value >= bound : value <= bound;
    lines.push(`${name} ${value.toFixed(3)} ${more ? '≥' : '≤'} ${bound} ${met ? 'met' : 'short'}`);
  }
  return `${lines.join('\n')}\n`;
}
