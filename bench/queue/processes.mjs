// Starts the processes of a run, talks to them by lines, and ends each by its id.
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { cpuOf } from '../common/machine.mjs';

const started = new Set();
const { JAVA, CLASS_PATH, REDIS_SERVER } = process.env;
const javaOptions = [
  '--enable-native-access=ALL-UNNAMED',
  '--sun-misc-unsafe-memory-access=allow',
  ...(process.env.JAVA_OPTIONS?.split(' ').filter(Boolean) ?? []),
];

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

const LIMIT_SECONDS = 120;

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

  async ask(...words) {
    this.child.stdin.write(`${words.join(' ')}\n`);
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.name} has not answered within ${LIMIT_SECONDS} s: ${words.join(' ')}`)), LIMIT_SECONDS * 1000);
    });
    try {
      return await Promise.race([this.next(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Seconds of processor time used so far. */
  cpu() {
    return cpuOf(this.child.pid);
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

/** Longhaul's queue with a worker, on one redis-server. */
export const longhaul = (port, { work = false, hang = false } = {}) =>
  longhaulWith([`--spring.data.redis.url=redis://127.0.0.1:${port}`], { work, hang });

const longhaulWith = (settings, { work = false, hang = false } = {}) =>
  agent('longhaul', JAVA, [
    ...javaOptions,
    ...(hang ? ['-Dbench.hang=1'] : []),
    '-cp',
    CLASS_PATH,
    'dev.longhaul.bench.QueueAgent',
    ...(work ? ['work'] : []),
    ...settings,
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

async function redisServer(settings = {}) {
  const port = await freePort();
  const all = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: process.env.RESULTS, ...settings };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = begin(REDIS_SERVER, args, {}, 'inherit');
  child.stdout.resume();
  const client = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 100 });
  client.on('error', () => {}); // until it listens
  await client.ping();
  const server = new Server(port, client, child);
  await server.compactHashes(512);
  return server;
}

/** One redis-server for the whole run. */
export const redis = () => redisServer();

const SHARDS = 4;
const SLOTS = 16_384;

/** A Redis Cluster with as many nodes as shards, each of which has one shard of the agents. */
export async function cluster() {
  const nodes = [];
  for (let i = 0; i < SHARDS; i++) {
    nodes.push(await redisServer({ 'cluster-enabled': 'yes', 'cluster-config-file': `nodes-${process.pid}-${i}.conf` }));
  }
  const keys = Array.from({ length: SHARDS }, (_, shard) => `{lh:bench:${shard}}`);
  const slots = await Promise.all(keys.map(key => nodes[0].client.cluster('KEYSLOT', key)));
  const order = slots.sort((a, b) => a - b);
  for (const [i, node] of nodes.entries()) {
    const [from, to] = [i === 0 ? 0 : order[i], i === SHARDS - 1 ? SLOTS : order[i + 1]];
    await node.client.cluster('SET-CONFIG-EPOCH', i + 1);
    await node.client.cluster('ADDSLOTS', ...Array.from({ length: to - from }, (_, slot) => from + slot));
    await node.client.cluster('MEET', '127.0.0.1', nodes[0].port);
  }
  for (const node of nodes) {
    for (;;) {
      const info = await node.client.cluster('INFO');
      if (info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${SHARDS}`)) break;
      await new Promise(done => setTimeout(done, 50));
    }
  }
  return {
    nodes,
    longhaul: shards =>
      longhaulWith([
        `--spring.data.redis.cluster.nodes=${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
        `--longhaul.redis.shards=${shards}`,
      ]),
    async stop() {
      for (const node of nodes) await node.stop();
      readdirSync(process.env.RESULTS)
        .filter(name => name.startsWith(`nodes-${process.pid}-`))
        .forEach(name => rmSync(`${process.env.RESULTS}/${name}`));
    },
  };
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
