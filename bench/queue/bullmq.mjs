// The peer's side of the commands that QueueAgent.java describes, as fast as BullMQ's documentation allows:
// addBulk for many jobs, one long-lived connection, concurrency 50, finished jobs removed.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';

const [url, stays] = process.argv.slice(2);
const { hostname: host, port } = new URL(url);
const connection = { host, port: Number(port), enableAutoPipelining: process.env.AUTO_PIPELINING === '1' };
const prefix = 'bull';
const name = 'bench';
const defaultJobOptions = { removeOnComplete: true, removeOnFail: true, attempts: 3 };
const queue = new Queue(name, { connection, prefix, defaultJobOptions });
await queue.waitUntilReady();

const say = answer => process.stdout.write(`@ ${JSON.stringify(answer)}\n`);
const data = { data: 'x'.repeat(200 - '{"data":""}'.length) }; // 200 bytes of JSON, as the other side has
const took = from => ({ ms: performance.now() - from });

let worker;
let ended = 0;
let began = 0;
let heard = () => {};

async function run(job) {
  began = performance.now();
  if (job.name === 'hang') {
    say({ attempt: job.attemptsStarted });
    if (process.env.HANG) await sleep(240_000);
  }
  return {};
}

async function newWorker() {
  worker = new Worker(name, run, { connection, prefix, concurrency: 50, autorun: false });
  worker.on('completed', () => {
    ended++;
    heard();
  });
  worker.on('error', error => console.error(error.message));
  await worker.waitUntilReady();
}

const start = () => void worker.run().catch(error => console.error(error.message));

async function atOnce(callers, work) {
  const from = performance.now();
  await Promise.all(Array.from({ length: callers }, work));
  return took(from);
}

const commands = {
  bulk: (jobs, batch, callers) =>
    atOnce(callers, async () => {
      for (let i = 0; i < Math.floor(jobs / batch / callers); i++) {
        await queue.addBulk(Array.from({ length: batch }, () => ({ name: 'noop', data })));
      }
    }),
  single: (jobs, callers) =>
    atOnce(callers, async () => {
      for (let i = 0; i < Math.floor(jobs / callers); i++) await queue.add('noop', data);
    }),
  async process(jobs) {
    await newWorker();
    ended = 0;
    const from = performance.now();
    const all = new Promise(done => (heard = () => ended === jobs && done()));
    start();
    await all;
    const answer = took(from);
    await worker.close();
    return answer;
  },
  async work() {
    await newWorker();
    start();
    return {};
  },
  async rest() {
    await worker.close();
    return {};
  },
  async latency(samples) {
    const pickup = [];
    const done = [];
    for (let i = 0; i < samples; i++) {
      await sleep(30 + Math.random() * 20);
      const end = new Promise(resolve => (heard = resolve));
      const from = performance.now();
      await queue.add('noop', data);
      await end;
      done.push(performance.now() - from);
      pickup.push(began - from);
    }
    return { pickup, done };
  },
  async hang() {
    await queue.add('hang', {});
    return {};
  },
};

if (stays) await commands.work();
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...numbers] = line.split(' ');
  say(await commands[command](...numbers.map(Number)));
}
process.exit(0);
