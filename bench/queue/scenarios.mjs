// What is measured. Each returns figures of one system, or of both where they can be observed at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { commands, ping } from '../common/redis.mjs';
import { median } from '../common/statistics.mjs';
import { bullmq, cluster, longhaul, proxy } from './processes.mjs';

// Found best for both: bigger calls, or more of them at once, gain nothing.
const BATCH = 200;
const CALLERS = 4;
const IN_FLIGHT = 50;

async function timed(server, system, jobs, ...command) {
  const before = { redis: await server.cpu(), client: system.cpu(), commands: await commands(server.port) };
  const { ms } = await system.ask(...command);
  const executed = await commands(server.port);
  return {
    rate: (jobs / ms) * 1000,
    cpu: ((await server.cpu()) - before.redis) * (1e6 / jobs),
    client: (system.cpu() - before.client) * (1e6 / jobs),
    commands: (executed.others - before.commands.others) / jobs,
  };
}

/**
 * Jobs a second, and a job's time of Redis and of the client in µs and its commands: many in one call, one a call, and
 * through a worker.
 */
export async function throughput(server, system, jobs) {
  await server.settle();
  const bulk = await timed(server, system, jobs, 'bulk', jobs, BATCH, CALLERS);
  const work = await timed(server, system, jobs, 'process', jobs);
  await server.settle();
  const single = await timed(server, system, jobs, 'single', jobs, IN_FLIGHT);
  return { bulk, single, work };
}

export const rates = ({ bulk, single, work }) => ({ bulk: bulk.rate, single: single.rate, work: work.rate });

/** Bytes of Redis a job that waits. */
export async function bytes(server, system, jobs) {
  await server.settle();
  await system.ask('bulk', BATCH, BATCH, 1); // what is there once, not per job
  const before = await server.memory();
  await system.ask('bulk', jobs, BATCH, CALLERS);
  const used = ((await server.memory()) - before) / jobs;
  await server.settle();
  return used;
}

/** Commands a client sends for each job while there is a backlog. */
export async function roundTrips(server, start, jobs) {
  await server.settle();
  const counter = await proxy(server.port, 0);
  const system = await start(counter.hello.port);
  await system.ask('bulk', jobs, BATCH, CALLERS);
  const before = await counter.ask('count');
  await system.ask('process', jobs);
  const after = await counter.ask('count');
  system.kill();
  counter.kill();
  await server.settle();
  return (after.commands - before.commands) / jobs;
}

/**
 * From add to the tool's start, and to its recorded end, in round trips; the worker is idle. Then how many steps of Longhaul's
 * worker are under way at once on average while many jobs wait: steps a second times how long one takes, which is the round trip and
 * its time in Redis (Little's law).
 */
export async function latency(server, reps, samples, jobs) {
  await server.settle();
  const line = await proxy(server.port, 2000);
  const { port } = line.hello;
  const systems = await Promise.all([longhaul(port, { work: true }), bullmq(port, { work: true })]);
  // Compiled code, as in the other scenarios: a process that has just started would be measured interpreting.
  for (const system of systems) {
    for (let warm = 0; warm < 3; warm++) await system.ask('single', jobs, IN_FLIGHT);
    await system.ask('single', samples, 1);
  }
  await sleep(3_000); // until the last one has ended
  const rounds = [];
  for (let rep = -1; rep < reps; rep++) {
    const round = { rtt: median(await ping(port, samples)) };
    for (const system of systems) {
      const { pickup, done } = await system.ask('latency', samples);
      round[system.name] = { pickup: median(pickup) / round.rtt, done: median(done) / round.rtt };
    }
    if (rep >= 0) rounds.push(round);
  }
  const [ours] = systems;
  await ours.ask('rest');
  let stepsInFlight;
  for (let warm = 0; warm < 2; warm++) {
    await ours.ask('bulk', jobs, BATCH, 1);
    const before = await commands(server.port);
    const { ms } = await ours.ask('process', jobs);
    const after = await commands(server.port);
    const inRedis = (after.scriptMicros - before.scriptMicros) / 1000;
    stepsInFlight = ((after.scripts - before.scripts) * median(rounds.map(({ rtt }) => rtt)) + inRedis) / ms;
  }
  [...systems, line].forEach(each => each.kill());
  await server.settle();
  return { rounds, stepsInFlight };
}

/** Commands a second of one idle process with a worker, both systems at the same time. */
export async function idle(server, seconds) {
  const result = {};
  const watch = async start => {
    const counter = await proxy(server.port, 0);
    const system = await start(counter.hello.port, { work: true });
    await sleep(3_000); // what belongs to starting
    const before = await counter.ask('count');
    await sleep(seconds * 1000);
    const after = await counter.ask('count');
    result[system.name] = (after.commands - before.commands) / seconds;
    system.kill();
    counter.kill();
  };
  await Promise.all([watch(longhaul), watch(bullmq)]);
  return result;
}

/** Seconds from kill -9 of a worker until another one has its job, both systems at the same time. */
export async function killed(server) {
  await server.settle();
  const result = {};
  const watch = async start => {
    const victim = await start(server.port, { work: true, hang: true });
    const answers = [await victim.ask('hang'), await victim.next()];
    if (!answers.some(answer => answer.attempt === 1)) throw new Error(`${victim.name} did not start the job`);
    const other = await start(server.port, { work: true });
    await sleep(1_000 + Math.random() * 5_000); // the lease is as old as it happens to be
    const from = performance.now();
    victim.kill();
    await other.next(); // it says that it runs the job
    result[other.name] = (performance.now() - from) / 1000;
    other.kill();
  };
  await Promise.all([watch(longhaul), watch(bullmq)]);
  return result;
}

/** A claim of the pool takes as many jobs as it has slots: Longhaul's default. */
const SLOTS = 50;

/** For how many claims another caller's first job waits while one caller has many jobs: one figure for each of 99 callers. */
export async function fair(server, system, waiting) {
  await server.settle();
  await system.ask('bulk', waiting, BATCH, CALLERS);
  const { before } = await system.ask('fair', 99);
  await server.settle();
  return before.map(jobs => jobs / SLOTS);
}

/** The rate of claims while that many jobs wait, always as many: what ended is enqueued again. */
export async function kept(server, system, waiting, jobs) {
  await server.settle();
  await system.ask('bulk', waiting, BATCH, 1);
  const rounds = [];
  for (let i = 0; i < 3; i++) rounds.push(await timed(server, system, jobs, 'keep', jobs, BATCH));
  await server.settle();
  return { rate: median(rounds.map(({ rate }) => rate)), cpu: median(rounds.map(({ cpu }) => cpu)) };
}

/** Redis' time for a job, enqueued and processed, on the busiest of several servers, and the rate; with one shard and with one on each. */
export async function shards(jobs) {
  const servers = await cluster();
  const result = {};
  for (const count of [1, servers.nodes.length]) {
    for (const { client } of servers.nodes) await client.flushall();
    const system = await servers.longhaul(count);
    let figures;
    for (let i = 0; i < 4; i++) {
      const before = await Promise.all(servers.nodes.map(node => node.cpu()));
      const enqueued = await system.ask('bulk', jobs, BATCH, CALLERS);
      const processed = await system.ask('process', jobs);
      const cpu = await Promise.all(servers.nodes.map(async (node, at) => (((await node.cpu()) - before[at]) * 1e6) / jobs));
      figures = { bulk: (jobs / enqueued.ms) * 1000, work: (jobs / processed.ms) * 1000, busiest: Math.max(...cpu), all: cpu };
    }
    system.kill();
    result[count] = figures;
  }
  await servers.stop();
  return result;
}
