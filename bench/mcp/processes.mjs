// Starts the servers of a run, reads what the kernel says of them, and ends each by its id.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf, rssOf } from '../common/machine.mjs';

const started = new Set();
const directory = mkdtempSync(join(tmpdir(), 'bench-mcp-'));
const { JAVA, CLASS_PATH, LIBRARIES, REDIS_SERVER, PYTHON } = process.env;
// What a container with 1 GB would give a JVM; the defaults take a quarter of the machine's memory.
const javaOptions = [
  '--enable-native-access=ALL-UNNAMED',
  '--sun-misc-unsafe-memory-access=allow',
  '-Xmx512m',
  '-XX:+ExitOnOutOfMemoryError',
  ...(process.env.JAVA_OPTIONS?.split(' ').filter(Boolean) ?? []),
];

process.on('exit', () => {
  started.forEach(child => child.kill('SIGKILL'));
  rmSync(directory, { recursive: true, force: true });
});

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

class Server {
  constructor(name, port, child) {
    Object.assign(this, { name, port, child });
  }

  /** Seconds of processor time used so far. */
  cpu() {
    return cpuOf(this.child.pid);
  }

  /** The same of its threads of that name, of which Linux keeps 15 characters. */
  cpuOf(name) {
    const tasks = `/proc/${this.child.pid}/task`;
    const named = readdirSync(tasks).filter(id => readFileSync(`${tasks}/${id}/comm`, 'utf8').trim() === name.slice(0, 15));
    return named.reduce((sum, id) => sum + cpuOf(`${this.child.pid}/task/${id}`), 0);
  }

  /** MB that it holds in memory. */
  rss() {
    return rssOf(this.child.pid);
  }

  /** MB of a JVM's heap that are in use, after a full collection. */
  heap() {
    const histogram = execFileSync(join(JAVA, '../jcmd'), [this.child.pid, 'GC.class_histogram'], { encoding: 'utf8', maxBuffer: 1 << 26 });
    return Number(/^Total\s+\d+\s+(\d+)/m.exec(histogram)[1]) / 1024 / 1024;
  }

  /** As a crash does it. */
  async crash() {
    const gone = new Promise(done => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await gone;
  }

  async stop() {
    const gone = new Promise(done => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await Promise.race([gone, sleep(10_000)]);
    this.child.kill('SIGKILL');
  }
}

async function begin(name, program, args, port, answers) {
  const child = spawn(program, args, { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', data => (said = (said + data).slice(-4000)));
  started.add(child);
  let ended;
  child.on('exit', code => {
    started.delete(child);
    ended = code ?? 'a signal';
  });
  const server = new Server(name, port, child);
  for (let tries = 0; ; tries++) {
    if (ended !== undefined || tries > 600) throw new Error(`${name} did not start (${ended}): ${said}`);
    try {
      await answers(port, said);
      return server;
    } catch {
      await sleep(200);
    }
  }
}

const overHttp = port => fetch(`http://127.0.0.1:${port}/mcp`, { method: 'DELETE' }).then(answer => answer.text());

export async function redis() {
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: directory };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  // It speaks no HTTP, but closes the connection of who does.
  return begin('redis', REDIS_SERVER, args, port, () =>
    fetch(`http://127.0.0.1:${port}`).catch(e => {
      if (e.cause?.code === 'ECONNREFUSED') throw e;
    }),
  );
}

export const TOOLS = {
  'longhaul.tools.scan-packages': 'dev.longhaul.bench.mcp,dev.longhaul.bench.compute,dev.longhaul.bench.jobs',
  'longhaul.tools.echo.execution': 'inline',
  'longhaul.tools.compute_inline.execution': 'inline',
  'longhaul.tools.compute_inline.timeout': '3m',
  'longhaul.builtin.enabled': 'false',
};

export async function longhaul(redisPort, settings = TOOLS) {
  const port = await freePort();
  return begin(
    'longhaul',
    JAVA,
    [
      ...javaOptions,
      '-cp',
      CLASS_PATH,
      'dev.longhaul.LonghaulApplication',
      `--server.port=${port}`,
      `--spring.data.redis.url=redis://127.0.0.1:${redisPort}`,
      '--logging.level.root=warn',
      ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ],
    port,
    overHttp,
  );
}

/** Spring AI's own starter; Longhaul's classes are not even on its class path. */
export async function stock() {
  const port = await freePort();
  return begin(
    'stock',
    JAVA,
    [...javaOptions, '-cp', LIBRARIES, 'dev.longhaul.bench.stock.StockServer', '--spring.config.name=stock', `--server.port=${port}`],
    port,
    overHttp,
  );
}

export async function typescript() {
  const port = await freePort();
  return begin('typescript', process.execPath, [join(import.meta.dirname, 'typescript.mjs'), port], port, overHttp);
}

/** FastMCP with tasks on Docket: a server with its own worker, or a worker alone. */
export async function fastmcp(redisPort, role = 'all') {
  const port = role === 'worker' ? 0 : await freePort();
  const ready = async (_, said) => {
    if (!said.includes('ready')) throw new Error('not yet');
  };
  const args = [join(import.meta.dirname, 'fastmcp_server.py'), String(port), String(redisPort)];
  return begin('fastmcp', PYTHON, args, port, role === 'worker' ? ready : overHttp);
}

/** FastMCP's proxy before a URL, or a command with its arguments. */
export async function fastmcpProxy(...target) {
  const port = await freePort();
  return begin('fastmcp proxy', PYTHON, [join(import.meta.dirname, '../gateway/fastmcp_proxy.py'), String(port), ...target], port, overHttp);
}

/** A proxy before a redis-server that counts commands, and makes each way that many µs longer. */
export async function proxy(redisPort, microseconds) {
  const child = spawn(JAVA, ['-cp', CLASS_PATH, 'dev.longhaul.bench.RedisProxy', redisPort, microseconds], { stdio: ['pipe', 'pipe', 'inherit'] });
  started.add(child);
  child.on('exit', () => started.delete(child));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value.slice(2));
  const { port } = await answer();
  return {
    port,
    async count() {
      child.stdin.write('count\n');
      return (await answer()).commands;
    },
    stop: () => child.kill('SIGKILL'),
  };
}
