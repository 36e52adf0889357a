// Records a warm JVM while it does one thing. Started by ./run, which says what it needs.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../common/machine.mjs';
import { untilWarm } from '../common/warm.mjs';

const { JAVA, RESULTS, CONVERTER } = process.env;
const SECONDS = Number(process.env.PROFILE_SECONDS ?? 15);
const jdk = (program, ...args) => execFileSync(join(JAVA, '..', program), args, { encoding: 'utf8', maxBuffer: 1 << 26 });

/** Records a process while rounds run; prints its hottest methods and keeps a flame graph. */
async function record(name, pid, round) {
  const file = `${RESULTS}/${name}.jfr`;
  say(`recording ${name} for ${SECONDS} s`);
  jdk('jcmd', String(pid), 'JFR.start', 'name=bench', 'settings=profile', 'jdk.CPUTimeSample#enabled=true', 'jdk.CPUTimeSample#throttle=5ms');
  for (const until = performance.now() + SECONDS * 1000; performance.now() < until; ) await round();
  jdk('jcmd', String(pid), 'JFR.stop', 'name=bench', `filename=${file}`);
  execFileSync(JAVA, ['-jar', CONVERTER, '--cpu', '--dot', '--title', name, file, `${RESULTS}/${name}.html`]);
  const hottest = jdk('jfr', 'view', '--width', '140', 'cpu-time-hot-methods', file);
  writeFileSync(`${RESULTS}/${name}.txt`, hottest);
  process.stdout.write(`${name}: ${RESULTS}/${name}.html\n${hottest}\n`);
}

async function queue() {
  const { longhaul, redis } = await import('../queue/processes.mjs');
  const server = await redis();
  const agent = await longhaul(server.port);
  const round = async () => {
    await agent.ask('bulk', 20_000, 200, 4);
    return 20_000_000 / (await agent.ask('process', 20_000)).ms;
  };
  await untilWarm('no-op jobs', [agent], round, 20);
  await record('profile-queue', agent.child.pid, round);
}

async function mcp() {
  const { longhaul, redis } = await import('../mcp/processes.mjs');
  const { load } = await import('../mcp/load.mjs');
  const { source } = await import('../mcp/requests.mjs');
  const store = await redis();
  const server = await longhaul(store.port);
  for (const scenario of ['queued', 'inline']) {
    const sources = Array.from({ length: 16 }, () => source(server.port, 'modern', scenario));
    const round = async () => {
      const { count, ms } = await load(server.port, sources, { seconds: 1 });
      return (count * 1000) / ms;
    };
    await untilWarm(scenario, [server], round, 20);
    await record(`profile-mcp-${scenario}`, server.child.pid, round);
  }
}

await { queue, mcp }[process.argv[2]]();
process.exit(0);
