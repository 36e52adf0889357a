// Longhaul's queue beside BullMQ on one redis-server, interleaved. Started by ./run, which says what it needs.
import { keep, Machine, say } from '../common/machine.mjs';
import { untilWarm } from '../common/warm.mjs';
import { ceilings } from './ceilings.mjs';
import { bullmq, longhaul, redis } from './processes.mjs';
import { report } from './report.mjs';
import { bytes, fair, idle, kept, killed, latency, rates, roundTrips, shards, throughput } from './scenarios.mjs';

const quick = process.env.QUICK === '1';
const REPS = quick ? 1 : Number(process.env.REPS ?? 5);
const JOBS = quick ? 4_000 : 40_000;

const machine = await Machine.quiet();
const server = await redis();
const figures = { version: (await server.info('server')).redis_version, jobs: JOBS, reps: REPS };
const systems = await Promise.all([longhaul(server.port), bullmq(server.port)]);

say('warming up');
const round = async system => rates(await throughput(server, system, quick ? JOBS : 20_000));
figures.warm = await untilWarm('Longhaul and BullMQ (bulk, single, no-op jobs)', systems, round, quick ? 2 : 25);

figures.rounds = [];
for (let rep = 0; rep < REPS; rep++) {
  for (const aof of ['off', 'everysec']) {
    say(`throughput, repetition ${rep + 1} of ${REPS}, AOF ${aof}`);
    await server.appendOnly(aof !== 'off');
    const one = { aof, raw: await ceilings(server, quick ? 20_000 : 50_000) };
    // Who goes first changes, so that neither always meets what the other left behind.
    for (const system of rep % 2 ? [...systems].reverse() : systems) {
      one[system.name] = await throughput(server, system, JOBS);
    }
    figures.rounds.push(one);
  }
}
await server.appendOnly(false);

say('bytes of a queued job');
figures.bytes = {};
for (const value of ['64', '512']) {
  await server.compactHashes(value);
  figures.bytes[value] = {};
  for (const system of systems) figures.bytes[value][system.name] = await bytes(server, system, JOBS);
}

say('one caller with many jobs, and 99 others');
figures.fair = { waiting: quick ? 10_000 : 100_000 };
figures.fair.claims = await fair(server, systems[0], figures.fair.waiting);

say('claims while few and while very many jobs wait');
figures.kept = {};
for (const waiting of [1_000, quick ? 20_000 : 1_000_000]) figures.kept[waiting] = await kept(server, systems[0], waiting, JOBS);
systems.forEach(system => system.kill());

say('round trips of a job');
figures.roundTrips = {};
for (const [name, start] of Object.entries({ longhaul, bullmq })) {
  figures.roundTrips[name] = await roundTrips(server, start, JOBS);
}

say('latency at a round trip of 4 ms');
figures.latency = await latency(server, REPS, quick ? 10 : 50, quick ? 2_000 : 10_000);

if (!quick) {
  say('commands of an idle process, and a killed worker');
  await server.settle();
  figures.idle = await idle(server, 40);
  figures.killed = await killed(server);
}
await server.stop();

say('one shard, and one on each of four redis-servers');
figures.shards = await shards(JOBS);

figures.machine = machine.end();
keep('queue', figures, report(figures));
process.exit(0);
