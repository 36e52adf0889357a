// A gateway before an idle upstream. Started by ./run, which says what it needs.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keep, Machine, say } from '../common/machine.mjs';
import { at, sorted } from '../common/statistics.mjs';
import { untilWarm } from '../common/warm.mjs';
import { load } from '../mcp/load.mjs';
import { fastmcpProxy, longhaul, redis, typescript } from '../mcp/processes.mjs';
import { callsOf } from '../mcp/requests.mjs';
import { report } from './report.mjs';
import { StdioServer } from './stdio.mjs';

const quick = process.env.QUICK === '1';
const REPS = quick ? 1 : Number(process.env.REPS ?? 5);
const SECONDS = quick ? 0.5 : 2;
const WARM_SECONDS = quick ? 0.3 : 1;
const WARM_ROUNDS = quick ? 1 : 15;
const WARM_CALLERS = 8;
const CONFIGURED = quick ? 10 : 100;
const KNOWN_WITHIN_MS = 120_000;

const COMMAND = [process.execPath, join(import.meta.dirname, '../mcp/typescript.mjs'), 'stdio'];
const flat = (name, settings) => Object.fromEntries(Object.entries(settings).map(([key, value]) => [`longhaul.upstreams.${name}.${key}`, value]));
const overHttp = upstream => ({ url: `http://127.0.0.1:${upstream.port}/mcp` });
const byCommand = { command: COMMAND[0], ...Object.fromEntries(COMMAND.slice(1).map((argument, i) => [`args[${i}]`, argument])) };
const execution = how => ({ 'tools.policies.echo.execution': how });

/** Waits until a Longhaul knows the tools of all its upstreams. */
async function known(server, count) {
  for (const end = performance.now() + KNOWN_WITHIN_MS; ; await sleep(200)) {
    const { upstreams } = await (await fetch(`http://127.0.0.1:${server.port}/api/v1/upstreams`)).json();
    if (upstreams.filter(each => each.tools.length > 0).length === count) return;
    if (performance.now() > end) throw new Error(`upstreams are not known: ${JSON.stringify(upstreams).slice(0, 2000)}`);
  }
}

const machine = await Machine.quiet();
const store = await redis();
const upstream = await typescript();
const stdio = new StdioServer(COMMAND[0], COMMAND.slice(1));
const gateway = await longhaul(store.port, {
  'longhaul.builtin.enabled': 'false',
  ...flat('http-inline', { ...overHttp(upstream), ...execution('inline') }),
  ...flat('http-queued', { ...overHttp(upstream), ...execution('queued') }),
  ...flat('stdio-inline', { ...byCommand, ...execution('inline') }),
  ...flat('stdio-queued', { ...byCommand, ...execution('queued') }),
});
await known(gateway, 4);
const proxies = { http: await fastmcpProxy(overHttp(upstream).url), stdio: await fastmcpProxy(...COMMAND) };

/** What each way of calling takes: its server (none for the direct call over stdio) and the name of the tool there. */
const cells = ['http', 'stdio'].flatMap(transport => [
  { transport, way: 'direct', server: transport === 'http' ? upstream : null, tool: 'echo' },
  { transport, way: 'inline', server: gateway, tool: `${transport}-inline_echo` },
  { transport, way: 'queued', server: gateway, tool: `${transport}-queued_echo` },
  { transport, way: 'fastmcp', server: proxies[transport], tool: 'echo' },
]);

async function calls({ server, tool }, seconds, callers = 1) {
  if (!server) return sorted(await stdio.echo(seconds));
  const all = Array.from({ length: callers }, () => callsOf(server.port, tool));
  return (await load(server.port, all, { seconds })).taken;
}

/** One call after the other. What the gateway takes of the processor is its process, and Redis where it is used. */
async function measure(cell) {
  const added = cell.way === 'direct' ? [] : cell.server === gateway ? [gateway, store] : [cell.server];
  const used = () => added.reduce((sum, each) => sum + each.cpu(), 0);
  const from = used();
  const taken = await calls(cell, SECONDS);
  return { p50: at(taken, 0.5), p99: at(taken, 0.99), cpu: ((used() - from) * 1e6) / taken.length };
}

say('warming up');
// With many callers: one alone would take minutes until a JVM has compiled what it uses.
const warm = await untilWarm('calls', cells, async cell => (await calls(cell, WARM_SECONDS, WARM_CALLERS)).length / WARM_SECONDS, WARM_ROUNDS);

const rounds = [];
for (let rep = 0; rep < REPS; rep++) {
  say(`repetition ${rep + 1} of ${REPS}`);
  const round = { http: {}, stdio: {} };
  const turn = Math.floor((cells.length * rep) / REPS);
  for (const cell of [...cells.slice(turn), ...cells.slice(0, turn)]) round[cell.transport][cell.way] = await measure(cell);
  rounds.push(round);
}
for (const server of [gateway, ...Object.values(proxies)]) await server.stop();
stdio.stop();

say(`${CONFIGURED} configured upstreams`);
const memory = {};
for (const count of [1, CONFIGURED + 1]) {
  const each = Array.from({ length: count }, (_, i) => flat(`upstream-${i}`, overHttp(upstream)));
  const server = await longhaul(store.port, { 'longhaul.builtin.enabled': 'false', ...Object.assign({}, ...each) });
  await known(server, count);
  // The connections that discovery opened are at rest then; the collection that heap() asks for gives memory back, too.
  await sleep(quick ? 1_000 : 10_000);
  memory[count === 1 ? 'one' : 'many'] = { heap: server.heap(), rss: server.rss() };
  await server.stop();
}
await upstream.stop();
await store.stop();

const figures = { reps: REPS, warm, rounds, configured: CONFIGURED, memory, machine: machine.end() };
keep('gateway', figures, report(figures));
process.exit(0);
