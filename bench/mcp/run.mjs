// Longhaul's MCP endpoint beside two others, interleaved. Started by ./run, which says what it needs.
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { computing } from './computing.mjs';
import { load, streams } from './load.mjs';
import { longhaul, redis, stock, typescript } from './processes.mjs';
import { median, report } from './report.mjs';
import { initialize, listen, source } from './requests.mjs';

const quick = process.env.QUICK === '1';
const REPS = quick ? 1 : Number(process.env.REPS ?? 5);
const CALLS = quick ? 500 : 6_000;
const QUEUED_CALLS = quick ? 200 : 3_000;
const WARM_UP = quick ? 500 : 20_000;
const ALONE = quick ? 50 : 300;
const CONNECTIONS = 16;
const COMPUTING_SECONDS = quick ? 5 : 30;
const STREAMS = Number(process.env.STREAMS ?? (quick ? 200 : 5_000));
const say = text => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

const store = await redis();
const servers = { longhaul: await longhaul(store.port), typescript: await typescript(), stock: await stock() };
const variants = [
  { name: 'longhaul', era: 'modern' },
  { name: 'typescript', era: 'modern' },
  { name: 'longhaul', era: 'legacy' },
  { name: 'typescript', era: 'legacy' },
  { name: 'stock', era: 'legacy' },
];

/** One source a connection; each has its own session where there are any. */
async function sources({ name, era }, scenario, connections) {
  const { port } = servers[name];
  const all = [];
  for (let i = 0; i < connections; i++) {
    const session = era === 'legacy' ? await initialize(port) : null;
    all.push(source(port, era, scenario, session));
  }
  return all;
}

async function measure(variant, scenario) {
  const server = servers[variant.name];
  const calls = scenario === 'queued' ? QUEUED_CALLS : scenario === 'mixed' ? 1_000 : CALLS;
  const rounds = scenario === 'mixed' && !quick ? 3 : 1;
  const busy = await sources(variant, scenario, CONNECTIONS);
  const alone = await sources(variant, scenario, 1);
  const from = { server: server.cpu(), redis: store.cpu() };
  let ms = 0;
  for (let i = 0; i < rounds; i++) ms += (await load(server.port, busy, calls)).ms;
  const cpu = { server: server.cpu() - from.server, redis: store.cpu() - from.redis };
  const { taken } = await load(server.port, alone, ALONE);
  return {
    rate: (calls * rounds * 1000) / ms,
    cpu: (cpu.server * 1e6) / (calls * rounds),
    redis: (cpu.redis * 1e6) / (calls * rounds),
    p50: taken[Math.floor(taken.length / 2)],
    p99: taken[Math.floor(taken.length * 0.99)],
  };
}

/** What a server does not serve (yet) is left out. */
async function served(variant, scenario) {
  try {
    await load(servers[variant.name].port, await sources(variant, scenario, 1), 20); // each kind of the mix
    return true;
  } catch (e) {
    say(`${variant.name} (${variant.era}) does not serve ${scenario}: ${e.message}`);
    return false;
  }
}

const plan = [];
for (const scenario of ['inline', 'queued', 'resource', 'prompt', 'mixed']) {
  for (const variant of variants) {
    // The others have no queue: there this tool is an ordinary one.
    if (scenario === 'queued' && variant.name !== 'longhaul') continue;
    if (await served(variant, scenario)) plan.push({ scenario, variant });
  }
}

say('warming up');
for (const { scenario, variant } of plan) {
  const calls = scenario === 'queued' ? WARM_UP / 4 : WARM_UP;
  await load(servers[variant.name].port, await sources(variant, scenario, CONNECTIONS), variant.name === 'typescript' ? calls / 4 : calls);
}

const figures = { reps: REPS, calls: CALLS, connections: CONNECTIONS, load: [loadavg()[0]], rounds: [] };
for (let rep = 0; rep < REPS; rep++) {
  say(`repetition ${rep + 1} of ${REPS}`);
  const round = {};
  // Who goes first changes, so that nobody always meets what another left behind.
  const turn = Math.floor((plan.length * rep) / REPS);
  for (const { scenario, variant } of [...plan.slice(turn), ...plan.slice(0, turn)]) {
    round[scenario] ??= {};
    round[scenario][`${variant.name} ${variant.era}`] = await measure(variant, scenario);
  }
  figures.rounds.push(round);
  figures.load.push(loadavg()[0]);
}

figures.idle = Object.fromEntries(Object.values(servers).map(server => [server.name, server.rss()]));
for (const server of Object.values(servers)) await server.stop();

const keep = () => writeFileSync(`${process.env.RESULTS}/mcp-figures.json`, JSON.stringify(figures, null, 1));
keep();
say(`${STREAMS} open streams`);
figures.streams = { count: STREAMS };
for (const start of [() => longhaul(store.port), typescript]) {
  const server = await start();
  const variant = { name: server.name, era: 'modern' };
  servers[server.name] = server;
  await load(server.port, await sources(variant, 'inline', CONNECTIONS), quick ? 200 : 2_000);
  const before = server.rss();
  const held = await streams(server.port, listen(server.port), STREAMS);
  const { taken } = await load(server.port, await sources(variant, 'inline', 1), ALONE);
  figures.streams[server.name] = { before, after: server.rss(), open: held.open(), p50: median([...taken]) };
  held.close();
  await server.stop();
}

say(`readiness while tools compute, for ${COMPUTING_SECONDS} s`);
const computes = await longhaul(store.port);
figures.computing = await computing(computes, COMPUTING_SECONDS);
await computes.stop();
await store.stop();

keep();
process.stdout.write(report(figures));
process.exit(0);
