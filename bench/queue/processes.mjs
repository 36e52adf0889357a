// Starts the processes of a run, talks to them by lines, and ends each by its id.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';

const started = new Set();
const { JAVA, CLASS_PATH, REDIS_SERVER } = process.env;
const javaOptions = ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow'];

process.on('exit', () => started.forEach(child => child.kill('SIGKILL')));

function begin(program, args, env = {}, stderr = 'inherit') {
  const child = spawn(program, args, {
    cwd: import.meta.dirname,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', stderr],
  });
  started.add(child);
  child.on('exit', () => started.delete(child));
  return child;
}

/** A process that answers each line with one that begins with "@ " and holds JSON. */
class Agent {
  #answers = [];
  #waiting = [];

  constructor(name, child) {
    this.name = name;
    this.child = child;
    createInterface({ input: child.stdout }).on('line', line => {
      if (!line.startsWith('@ ')) return;
      this.#answers.push(JSON.parse(line.slice(2)));
      this.#waiting.shift()?.resolve(this.#answers.shift());
    });
    child.on('exit', code => this.#waiting.forEach(({ reject }) => reject(new Error(`${name} ended with ${code}`))));
  }

  /** The next answer, also to nothing that was asked. */
  next() {
    if (this.#answers.length > 0) return Promise.resolve(this.#answers.shift());
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  ask(...words) {
    this.child.stdin.write(`${words.join(' ')}\n`);
    return this.next();
  }

  kill() {
    this.child.kill('SIGKILL');
  }
}

async function agent(name, program, args, env) {
  const result = new Agent(name, begin(program, args, env));
  result.hello = await result.next();
  return result;
}

export const longhaul = (port, { work = false, hang = false } = {}) =>
  agent('longhaul', JAVA, [
    ...javaOptions,
    ...(hang ? ['-Dbench.hang=1'] : []),
    '-cp',
    CLASS_PATH,
    'dev.longhaul.bench.QueueAgent',
    `redis://127.0.0.1:${port}`,
    ...(work ? ['work'] : []),
  ]);

export const bullmq = (port, { work = false, hang = false } = {}) =>
  agent(
    'bullmq',
    process.execPath,
    ['bullmq.mjs', `redis://127.0.0.1:${port}`, ...(work ? ['work'] : [])],
    hang ? { HANG: '1' } : {},
  );

/** Makes the way to Redis longer by a time for each direction, and counts the commands. */
export const proxy = (port, microseconds) =>
  agent('proxy', JAVA, ['-cp', CLASS_PATH, 'dev.longhaul.bench.RedisProxy', port, microseconds]);

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** One redis-server for the whole run. */
export async function redis() {
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: process.env.RESULTS };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = begin(REDIS_SERVER, args, {}, 'inherit');
  child.stdout.resume();
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 100 });
  client.on('error', () => {}); // until it listens
  await client.ping();
  const server = new Server(port, client, child);
  await server.compactHashes(512);
  return server;
}

class Server {
  constructor(port, client, child) {
    this.port = port;
    this.client = client;
    this.child = child;
  }

  async info(section) {
    const text = await this.client.info(section);
    return Object.fromEntries(text.split('\r\n').filter(line => line.includes(':')).map(line => line.split(':')));
  }

  /** Seconds of processor time used so far. */
  async cpu() {
    const info = await this.info('cpu');
    return Number(info.used_cpu_user) + Number(info.used_cpu_sys);
  }

  async memory() {
    return Number((await this.info('memory')).used_memory);
  }

  async settle() {
    await this.client.flushall();
    while ((await this.info('persistence')).aof_rewrite_in_progress === '1') {
      await new Promise(done => setTimeout(done, 50));
    }
  }

  /** Up to which size of a value a hash stays compact; Redis' default is 64, Longhaul's advice 512. */
  async compactHashes(bytes) {
    await this.client
      .config('SET', 'hash-max-listpack-value', bytes)
      .catch(() => this.client.config('SET', 'hash-max-ziplist-value', bytes)); // its name before Redis 7
  }

  async appendOnly(on) {
    await this.client.config('SET', 'appendonly', on ? 'yes' : 'no');
    await this.settle();
  }

  async stop() {
    this.client.disconnect();
    const gone = new Promise(done => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await gone;
  }
}
