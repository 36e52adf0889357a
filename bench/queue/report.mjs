// The figures as text: a table with medians and ratios, and one line a target.
import { conditions } from '../common/machine.mjs';
import { at, median, sorted, whole } from '../common/statistics.mjs';
import { atLeast, atMost, line } from '../common/targets.mjs';

const fixed = digits => number => number.toFixed(digits);

// The targets in µs of Java are those of a machine where BullMQ processes so many jobs a second.
const BULLMQ_RATE = 33_000;

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
  both('CPU of the JVM or Node, process, µs a job', name => of('off', round => round[name].work.client), fixed(1));
  both('CPU of the JVM or Node, bulk enqueue, µs a job', name => of('off', round => round[name].bulk.client), fixed(1));
  both('commands inside Redis, process, a job', name => of('off', round => round[name].work.commands), fixed(1));
  both('commands inside Redis, single enqueue, a job', name => of('off', round => round[name].single.commands), fixed(1));
  both('round trips a job under backlog', name => roundTrips[name], fixed(3));
  both('idle pickup p50, RTT', name => median(latency.rounds.map(round => round[name].pickup)), fixed(2));
  both('idle add-to-done p50, RTT', name => median(latency.rounds.map(round => round[name].done)), fixed(2));
  for (const value of Object.keys(bytes)) {
    both(`bytes a queued 200-byte job, listpack value ${value}`, name => bytes[value][name], whole);
  }
  if (idle) both('commands a second, idle process', name => idle[name], fixed(2));
  if (killed) both('worker killed -9: back in work, s', name => killed[name], fixed(1));
  return all;
}

/** Whether the machine can show what four Redis servers give: each needs a processor, and so do the clients. */
const showsShards = ({ machine }) => machine.processors >= 8;

function shardsTarget(figures) {
  const { 1: one, 4: four } = figures.shards;
  return showsShards(figures)
    ? atLeast('4 shards on 4 redis-servers × 1 shard, no-op jobs/s', four.work / one.work, 3)
    : atLeast('4 shards on 4 redis-servers × 1 shard, by Redis CPU of the busiest', one.busiest / four.busiest, 3);
}

function targets(figures) {
  const { rounds, bytes, roundTrips, latency, idle, killed, fair, kept } = figures;
  const off = rounds.filter(({ aof }) => aof === 'off');
  const everysec = rounds.filter(({ aof }) => aof !== 'off');
  const ratio = read => median(off.map(round => read(round.longhaul) / read(round.bullmq)));
  const keeps = part => median(everysec.map((round, i) => round.longhaul[part].rate / off[i].longhaul[part].rate));
  const [few, many] = Object.keys(kept).map(Number).sort((a, b) => a - b);
  const claims = sorted(fair.claims);
  const all = [
    atLeast('bulk enqueue, × BullMQ', ratio(system => system.bulk.rate), 4),
    atLeast('single enqueue, × BullMQ', ratio(system => system.single.rate), 1.5),
    atLeast('no-op jobs, 50 slots, × BullMQ', ratio(system => system.work.rate), 2.5),
    atMost('Redis CPU a job, enqueue + process, × BullMQ', ratio(system => system.bulk.cpu + system.work.cpu), 0.35),
    atMost('commands inside Redis a job under backlog', median(off.map(round => round.longhaul.work.commands)), 5),
    atMost(
      `JVM CPU a no-op job, µs, at BullMQ's ${whole(BULLMQ_RATE)}/s`,
      median(off.map(round => (round.longhaul.work.client * round.bullmq.work.rate) / BULLMQ_RATE)),
      10,
    ),
    atLeast('steps in flight under backlog, on average', latency.stepsInFlight, 1.8),
    atMost('round trips a job', roundTrips.longhaul, 0.05),
    atMost('idle pickup p50, RTT', median(latency.rounds.map(round => round.longhaul.pickup)), 1.2),
    atMost('add-to-done p50, RTT', median(latency.rounds.map(round => round.longhaul.done)), 2.2),
    ...Object.entries(bytes).map(([value, one]) => atMost(`bytes a queued job, listpack value ${value}, × BullMQ`, one.longhaul / one.bullmq, 0.9)),
    atMost(`100 callers, one with ${whole(fair.waiting)} waiting: another's first job waits, claims, p50`, at(claims, 0.5), 2),
    atMost(`the same, longest of ${claims.length}`, claims.at(-1), 2),
    atLeast(`claims/s with ${whole(many)} waiting, × with ${whole(few)}`, kept[many].rate / kept[few].rate, 0.9),
    shardsTarget(figures),
    atLeast('AOF everysec: bulk enqueue, of no AOF', keeps('bulk'), 0.65),
    atLeast('AOF everysec: no-op jobs, of no AOF', keeps('work'), 0.65),
  ];
  if (killed) all.push(atMost('worker killed: back in work, s', killed.longhaul, 15));
  if (idle) all.push(atMost('idle commands/s a process', idle.longhaul, 1));
  return all;
}

export function report(figures) {
  const { rounds, version, reps, jobs, machine, warm, kept, shards } = figures;
  const lines = [
    `${conditions(machine)} Redis ${version}, ${reps} repetitions of ${whole(jobs)} jobs after ${warm.rounds} rounds of warming up` +
      `${warm.warm ? '' : ' (the rate still rose)'}; medians.`,
    '',
  ];
  lines.push('| | Longhaul | BullMQ | ratio |', '|---|---|---|---|');
  for (const [what, ours, theirs, form] of rows(figures)) {
    lines.push(`| ${what} | ${form(ours)} | ${form(theirs)} | ${(ours / theirs).toFixed(2)} |`);
  }
  lines.push('', '| redis-benchmark, 50 connections, commands/s | AOF off | AOF everysec |', '|---|---|---|');
  for (const command of Object.keys(rounds[0].raw)) {
    const of = aof => whole(median(rounds.filter(round => round.aof === aof).map(round => round.raw[command])));
    lines.push(`| ${command === 'EVALSHA' ? 'EVALSHA(HSET + LPUSH)' : command} | ${of('off')} | ${of('everysec')} |`);
  }
  lines.push('', '| waiting, always as many | no-op jobs/s, each ended one enqueued again | Redis CPU a job, µs |', '|---|---|---|');
  for (const [waiting, { rate, cpu }] of Object.entries(kept)) lines.push(`| ${whole(Number(waiting))} | ${whole(rate)} | ${cpu.toFixed(1)} |`);
  lines.push('', '| shards, on 4 redis-servers | bulk enqueue, jobs/s | no-op jobs/s | Redis CPU a job (enqueue + process), µs, of each server |', '|---|---|---|---|');
  for (const [count, { bulk, work, all }] of Object.entries(shards)) {
    lines.push(`| ${count} | ${whole(bulk)} | ${whole(work)} | ${all.map(one => one.toFixed(1)).join(', ')} |`);
  }
  lines.push('', ...targets(figures).map(target => `    ${line(target)}`));
  return `${lines.join('\n')}\n`;
}
