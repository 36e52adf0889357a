// Longhaul's MCP endpoint beside others, interleaved. Started by ./run, which says what it needs.
import { keep, Machine, say } from '../common/machine.mjs';
import { commands } from '../common/redis.mjs';
import { at, median } from '../common/statistics.mjs';
import { untilWarm } from '../common/warm.mjs';
import { computing } from './computing.mjs';
import { lone, openLoops, progress, recovery } from './durable.mjs';
import { load, streams } from './load.mjs';
import { fastmcp, longhaul, redis, stock, typescript } from './processes.mjs';
import { report } from './report.mjs';
import { initialize, listen, source } from './requests.mjs';

const quick = process.env.QUICK === '1';
const REPS = quick ? 1 : Number(process.env.REPS ?? 3);
const BUSY_SECONDS = quick ? 0.3 : 1.5;
const ALONE_SECONDS = quick ? 0.2 : 0.7;
const WARM_SECONDS = quick ? 0.3 : 0.8;
const WARM_ROUNDS = quick ? 1 : 10;
const CONNECTIONS = 16;
// The issue of a durable call is many callers that wait for it.
const CALLERS = 32;
const COMPUTING_SECONDS = quick ? 3 : 15;
const OPEN_LOOP_SECONDS = quick ? 2 : 60;
const STREAMS = Number(process.env.STREAMS ?? (quick ? 200 : 5_000));

const machine = await Machine.quiet();
const store = await redis();
const servers = {};
await Promise.all(Object.entries({ longhaul, typescript, stock, fastmcp }).map(async ([name, start]) => (servers[name] = await start(store.port))));

const shared = ['inline', 'resource', 'prompt', 'mixed'];
const plan = {
  'longhaul modern': [...shared, 'mixed, its inline share', 'queued', 'task'],
  'longhaul legacy': [...shared, 'mixed, its inline share', 'queued'],
  'typescript modern': shared,
  'typescript legacy': shared,
  'stock legacy': shared,
  'fastmcp modern': ['inline', 'queued', 'task'],
};
const cells = shared
  .concat('mixed, its inline share', 'queued', 'task')
  .flatMap(scenario => Object.keys(plan).filter(variant => plan[variant].includes(scenario)).map(variant => ({ variant, scenario })));

/** One source a connection; each has its own session where there are any. */
async function sources(variant, scenario, connections) {
  const [name, era] = variant.split(' ');
  const { port } = servers[name];
  const all = [];
  for (let i = 0; i < connections; i++) all.push(source(port, era, scenario, era === 'legacy' ? await initialize(port) : null));
  return all;
}

const callers = scenario => (scenario === 'task' ? CALLERS : CONNECTIONS);

async function measure({ variant, scenario }) {
  const server = servers[variant.split(' ')[0]];
  const busy = await sources(variant, scenario, callers(scenario));
  const one = await sources(variant, scenario, 1);
  const from = { server: server.cpu(), redis: store.cpu(), executed: (await commands(store.port)).others };
  const { ms, count, taken, kinds } = await load(server.port, busy, { seconds: BUSY_SECONDS });
  const used = { server: server.cpu() - from.server, redis: store.cpu() - from.redis, executed: (await commands(store.port)).others - from.executed };
  const alone = await load(server.port, one, { seconds: ALONE_SECONDS });
  return {
    rate: (count * 1000) / ms,
    cpu: (used.server * 1e6) / count,
    redis: (used.redis * 1e6) / count,
    commands: used.executed / count,
    p50: at(taken, 0.5),
    p99: at(taken, 0.99),
    alone50: at(alone.taken, 0.5),
    alone99: at(alone.taken, 0.99),
    kinds: Object.fromEntries(Object.entries(kinds).map(([kind, all]) => [kind, median(all)])),
  };
}

say('warming up');
const warm = {};
for (const scenario of new Set(cells.map(cell => cell.scenario))) {
  const some = cells.filter(cell => cell.scenario === scenario);
  const ready = new Map();
  for (const cell of some) ready.set(cell, await sources(cell.variant, scenario, callers(scenario)));
  const round = async cell => {
    const { count, ms } = await load(servers[cell.variant.split(' ')[0]].port, ready.get(cell), { seconds: WARM_SECONDS });
    return (count * 1000) / ms;
  };
  warm[scenario] = await untilWarm(scenario, some, round, WARM_ROUNDS);
}

const figures = { reps: REPS, connections: CONNECTIONS, callers: CALLERS, warm, rounds: [] };
for (let rep = 0; rep < REPS; rep++) {
  say(`repetition ${rep + 1} of ${REPS}`);
  const round = {};
  // Who goes first changes, so that nobody always meets what another left behind.
  const turn = Math.floor((cells.length * rep) / REPS);
  for (const cell of [...cells.slice(turn), ...cells.slice(0, turn)]) {
    round[cell.scenario] ??= {};
    round[cell.scenario][cell.variant] = await measure(cell);
  }
  figures.rounds.push(round);
}
for (const name of ['typescript', 'stock']) await servers[name].stop();

say('a tool that reports progress 1,000 times');
figures.progress = await progress(store, servers, quick ? 2 : 5);

say(`calls at their own times, ${OPEN_LOOP_SECONDS} s each`);
const highest = name => median(figures.rounds.map(round => round.task[`${name} modern`].rate));
figures.openLoop = await openLoops(servers, { longhaul: highest('longhaul'), fastmcp: highest('fastmcp') }, OPEN_LOOP_SECONDS);
for (const name of ['longhaul', 'fastmcp']) await servers[name].stop();

say('a call alone');
figures.lone = await lone(store, quick ? 10 : 100);

say('a process with its worker is killed');
figures.recovery = await recovery(store, quick ? 10 : 100, quick);

say(`${STREAMS} open streams`);
figures.streams = { count: STREAMS };
for (const [name, start] of Object.entries({ typescript, longhaul })) {
  const server = (servers[name] = await start(store.port));
  await load(server.port, await sources(`${name} modern`, 'inline', CONNECTIONS), quick ? 200 : 2_000);
  const before = server.rss();
  const held = await streams(server.port, listen(server.port), STREAMS);
  const { taken } = await load(server.port, await sources(`${name} modern`, 'inline', 1), quick ? 50 : 300);
  figures.streams[name] = { before, after: server.rss(), open: held.open(), p50: median(taken) };
  held.close();
  if (name === 'typescript') await server.stop();
}

say(`readiness while tools compute, for ${COMPUTING_SECONDS} s`);
figures.computing = await computing(servers.longhaul, COMPUTING_SECONDS);
await servers.longhaul.stop();
await store.stop();

figures.machine = machine.end();
keep('mcp', figures, report(figures));
process.exit(0);
