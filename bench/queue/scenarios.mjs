// What is measured. Each returns figures of one system, or of both where they can be observed at once.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bullmq, longhaul, proxy } from './processes.mjs';

// Found best for both: bigger calls, or more of them at once, gain nothing.
const BATCH = 200;
const CALLERS = 4;
const IN_FLIGHT = 50;

async function timed(server, system, jobs, ...command) {
  const before = await server.cpu();
  const { ms } = await system.ask(...command);
  return { rate: (jobs / ms) * 1000, cpu: ((await server.cpu()) - before) * (1e6 / jobs) };
}

/** Jobs a second, and µs of Redis a job: many in one call, one a call, and through a worker. */
export async function throughput(server, system, jobs) {
  await server.settle();
  const bulk = await timed(server, system, jobs, 'bulk', jobs, BATCH, CALLERS);
  const work = await timed(server, system, jobs, 'process', jobs);
  await server.settle();
  const single = await timed(server, system, jobs, 'single', jobs, IN_FLIGHT);
  return { bulk, single, work };
}

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

/** ms from one bare PING to its answer. */
function ping(port, times) {
  return new Promise((resolve, reject) => {
    const taken = [];
    let from;
    const socket = connect(port, '127.0.0.1').setNoDelay(true).on('error', reject);
    const send = () => {
      from = performance.now();
      socket.write('PING\r\n');
    };
    socket.on('connect', send).on('data', () => {
      taken.push(performance.now() - from);
      if (taken.length < times) return void setTimeout(send, 20);
      socket.destroy();
      resolve(taken);
    });
  });
}

export const median = numbers => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** From add to the tool's start, and to its recorded end, in round trips; the worker is idle. */
export async function latency(server, reps, samples) {
  await server.settle();
  const line = await proxy(server.port, 2000);
  const { port } = line.hello;
  const systems = [await longhaul(port, { work: true }), await bullmq(port, { work: true })];
  const rounds = [];
  for (let rep = -1; rep < reps; rep++) {
    const round = { rtt: median(await ping(port, samples)) };
    for (const system of systems) {
      const { pickup, done } = await system.ask('latency', samples);
      round[system.name] = { pickup: median(pickup) / round.rtt, done: median(done) / round.rtt };
    }
    if (rep >= 0) rounds.push(round);
  }
  [...systems, line].forEach(each => each.kill());
  await server.settle();
  return rounds;
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
