// Longhaul's queue beside BullMQ on one redis-server, interleaved. Started by ./run, which says what it needs.
import { writeFileSync } from 'node:fs';
import { ceilings } from './ceilings.mjs';
import { bullmq, longhaul, redis } from './processes.mjs';
import { report } from './report.mjs';
import { bytes, idle, killed, latency, roundTrips, throughput } from './scenarios.mjs';

const quick = process.env.QUICK === '1';
const REPS = quick ? 1 : Number(process.env.REPS ?? 5);
const JOBS = quick ? 4_000 : 20_000;
const say = text => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const server = await redis();
const figures = { version: (await server.info('server')).redis_version, jobs: JOBS, reps: REPS };
const systems = [await longhaul(server.port), await bullmq(server.port)];

say('warming up');
for (let i = 0; i < (quick ? 1 : 3); i++) {
  for (const system of systems) await throughput(server, system, JOBS);
}

figures.rounds = [];
for (let rep = 0; rep < REPS; rep++) {
  for (const aof of ['off', 'everysec']) {
    say(`throughput, repetition ${rep + 1} of ${REPS}, AOF ${aof}`);
    await server.appendOnly(aof !== 'off');
    const round = { aof, raw: await ceilings(server, quick ? 20_000 : 100_000) };
    // Who goes first changes, so that neither always meets what the other left behind.
    for (const system of rep % 2 ? [...systems].reverse() : systems) {
      round[system.name] = await throughput(server, system, JOBS);
    }
    figures.rounds.push(round);
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
systems.forEach(system => system.kill());

say('round trips of a job');
figures.roundTrips = {};
for (const [name, start] of Object.entries({ longhaul, bullmq })) {
  figures.roundTrips[name] = await roundTrips(server, start, JOBS);
}

say('latency at a round trip of 4 ms');
figures.latency = await latency(server, REPS, quick ? 10 : 50);

if (!quick) {
  say('commands of an idle process, and a killed worker');
  await server.settle();
  figures.idle = await idle(server, 40);
  figures.killed = await killed(server);
}

await server.stop();
writeFileSync(`${process.env.RESULTS}/figures.json`, JSON.stringify(figures, null, 1));
process.stdout.write(report(figures));
process.exit(0);
