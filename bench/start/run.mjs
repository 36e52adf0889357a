// Starts each system in turn until it is ready. Started by ./run, which says what it needs.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { conditions, cpuOf, keep, Machine, rssOf } from '../common/machine.mjs';
import { median } from '../common/statistics.mjs';
import { atMost, line } from '../common/targets.mjs';
import { freePort, redis } from '../mcp/processes.mjs';

const rounds = Number(process.argv[2]);
const { JAVA, JAR, WORK, PYTHON } = process.env;
const IDLE_SECONDS = 5;
const options = ['--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow'];
const aot = [`-XX:AOTCache=${WORK}/longhaul.aot`, '-jar', `${WORK}/extracted/longhaul.jar`];
// As docker/longhaul starts it.
const image = [`@${import.meta.dirname}/../../docker/jvm.options`, '-XX:+UseSerialGC'];
process.env.MALLOC_ARENA_MAX = '2';
const embedded = [`--longhaul.embedded-redis.data-directory=${WORK}/data`];
const readiness = { path: '/actuator/health/readiness', right: status => status === 200 };

const machine = await Machine.quiet();
const store = await redis();
const java = (...args) => ({ program: JAVA, args: port => [...options, ...args, `--server.port=${port}`], ...readiness });
const SYSTEMS = {
  'java -jar': java('-jar', JAR, ...embedded),
  extracted: java('-jar', `${WORK}/extracted/longhaul.jar`, ...embedded),
  'extracted, with an AOT cache': java(...image, ...aot, ...embedded),
  'the same on a redis-server, as in the image': java(...image, ...aot, `--spring.data.redis.url=redis://127.0.0.1:${store.port}`),
  'FastMCP 4.1.4 with its worker': {
    program: PYTHON,
    args: port => [`${import.meta.dirname}/../mcp/fastmcp_server.py`, String(port), String(store.port)],
    path: '/mcp',
    right: () => true,
  },
};

/** ms until it is ready, seconds of processor time until then, and MB that it holds some seconds later. */
async function start({ program, args, path, right }) {
  rmSync(`${WORK}/data`, { recursive: true, force: true });
  const port = await freePort();
  const from = performance.now();
  const child = spawn(program, args(port), { cwd: WORK, stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise(done => child.once('exit', done));
  const ready = async () => right((await fetch(`http://127.0.0.1:${port}${path}`, { method: path === '/mcp' ? 'DELETE' : 'GET' })).status);
  while (!(await ready().catch(() => false))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
    await sleep(10);
  }
  const ms = performance.now() - from;
  const cpu = cpuOf(child.pid);
  await sleep(IDLE_SECONDS * 1000);
  const rss = rssOf(child.pid);
  child.kill('SIGTERM');
  await gone;
  return { ms, cpu, rss };
}

const figures = {};
for (let i = 0; i < rounds; i++) {
  for (const [name, system] of Object.entries(SYSTEMS)) (figures[name] ??= []).push(await start(system));
}
await store.stop();

const of = (name, field) => median(figures[name].map(one => one[field]));
const [ours, theirs] = Object.keys(SYSTEMS).slice(-2);
const quiet = machine.end();
const lines = [conditions(quiet), '', `| start, median of ${rounds} | ready after, ms | CPU until then, s | MB when idle |`, '|---|---|---|---|'];
for (const name of Object.keys(SYSTEMS)) {
  lines.push(`| ${name} | ${Math.round(of(name, 'ms')).toLocaleString('en')} | ${of(name, 'cpu').toFixed(1)} | ${of(name, 'rss').toFixed(0)} |`);
}
lines.push(
  '',
  `    ${line(atMost('idle RSS (role all, image layout), × FastMCP with its worker', of(ours, 'rss') / of(theirs, 'rss'), 2.5))}`,
  `    ${line(atMost('ready after start, × FastMCP with its worker', of(ours, 'ms') / of(theirs, 'ms'), 2))}`,
);
keep('start', { machine: quiet, figures }, `${lines.join('\n')}\n`);
process.exit(0);
