// Durable calls, beside FastMCP with tasks on Docket: what one costs when nothing else happens, what it takes over a network,
// many at their own times, many reports of progress, and a crash.
import { setTimeout as sleep } from 'node:timers/promises';
import { commands, ping } from '../common/redis.mjs';
import { at, median } from '../common/statistics.mjs';
import { load, openLoop, request } from './load.mjs';
import { fastmcp, longhaul, proxy, TOOLS } from './processes.mjs';
import { call, followTask, source } from './requests.mjs';

// What each system calls a durable call: FastMCP stores none whose client does not take tasks.
const DURABLE = { longhaul: ['queued', 'task'], fastmcp: ['task'] };
const START = {
  longhaul: (port, role) => longhaul(port, { ...TOOLS, 'longhaul.role': role }),
  fastmcp: (port, role) => fastmcp(port, role === 'api' ? 'all' : role),
};
const PAUSE_MS = 20; // so that the worker waits again

/** Commands that clients send, commands that are executed, and the time, of one call after the other on an idle server. */
async function alone(store, proxies, server, scenario, calls) {
  const one = [source(server.port, 'modern', scenario)];
  const sent = async () => (await Promise.all(proxies.map(each => each.count()))).reduce((a, b) => a + b, 0);
  const look = async () => ({ sent: await sent(), executed: (await commands(store.port)).others, at: performance.now() });
  const per = (from, to) => ({ sent: to.sent - from.sent, executed: to.executed - from.executed, ms: to.at - from.at });
  // Compiled code, as in the other scenarios.
  await load(server.port, Array.from({ length: 16 }, () => source(server.port, 'modern', scenario)), { seconds: calls / 20 });
  await load(server.port, one, 2 * calls);
  // What an idle process sends anyway is not the calls'.
  const resting = await look();
  await sleep(2_000);
  const rested = per(resting, await look());
  const from = await look();
  const { taken } = await load(server.port, one, calls, PAUSE_MS);
  const used = per(from, await look());
  const net = name => (used[name] - (rested[name] * used.ms) / rested.ms) / calls;
  return { sent: net('sent'), executed: net('executed'), p50: median(taken) };
}

/** A call alone: everything in one process, and front door and worker apart with a round trip of 4 ms to Redis. */
export async function lone(store, calls) {
  const result = {};
  for (const [name, start] of Object.entries(START)) {
    const line = await proxy(store.port, 0);
    const server = await start(line.port, 'all');
    for (const scenario of DURABLE[name]) result[`${name} ${scenario}`] = await alone(store, [line], server, scenario, calls);
    await server.stop();
    line.stop();

    const lines = [await proxy(store.port, 2_000), await proxy(store.port, 2_000)];
    const rtt = median(await ping(lines[0].port, 30));
    const [api, worker] = await Promise.all([start(lines[0].port, 'api'), start(lines[1].port, 'worker')]);
    for (const scenario of DURABLE[name]) {
      const figures = await alone(store, lines, api, scenario, calls);
      result[`${name} ${scenario} apart`] = { ...figures, rtts: figures.p50 / rtt };
    }
    await api.stop();
    await worker.stop();
    lines.forEach(each => each.stop());
  }
  return result;
}

/** Times of calls that come at their own times, at half of the highest rate of each system. */
export async function openLoops(servers, rates, seconds) {
  const result = {};
  for (const [name, rate] of Object.entries(rates)) {
    const { port } = servers[name];
    const sources = Array.from({ length: 64 }, () => source(port, 'modern', 'task'));
    const taken = await openLoop(port, sources, rate / 2, seconds);
    result[name] = { rate: rate / 2, seconds, calls: taken.length, p50: at(taken, 0.5), p99: at(taken, 0.99), p999: at(taken, 0.999), most: taken.at(-1) };
  }
  return result;
}

/** A tool that reports its progress 1,000 times, one call after the other. */
export async function progress(store, servers, calls) {
  const result = {};
  for (const [name, scenario] of [['longhaul', 'report'], ['longhaul', 'report as a task'], ['fastmcp', 'report as a task']]) {
    const server = servers[name];
    const one = [source(server.port, 'modern', scenario)];
    await load(server.port, one, calls);
    const look = async () => ({ cpu: server.cpu(), redis: store.cpu(), executed: (await commands(store.port)).others });
    const from = await look();
    const { taken, body } = await load(server.port, one, calls);
    const to = await look();
    result[`${name} ${scenario}`] = {
      p50: at(taken, 0.5),
      cpu: ((to.cpu - from.cpu) * 1000) / calls,
      redis: ((to.redis - from.redis) * 1000) / calls,
      executed: (to.executed - from.executed) / calls,
      notifications: body.split('notifications/progress').length - 1,
    };
  }
  return result;
}

// After the new process is ready; what has no result then counts as lost.
const RECOVERY_SECONDS = 60;

/**
 * Calls that last 3 s; their process is killed when all are acknowledged, and another one started at once.
 *
 * @param together both systems at the same time, which is quicker, but then times mean nothing
 */
export async function recovery(store, count, together) {
  const result = {};
  const each = Object.entries(START).map(([name, start]) => async () => (result[name] = await killed(store, start, count)));
  if (together) await Promise.all(each.map(one => one()));
  else for (const one of each) await one();
  return result;
}

async function killed(store, start, count) {
  const first = await start(store.port, 'all');
  const ask = call(first.port, 'slow_echo', { text: 'ping-pong', seconds: 3 }, true);
  const answers = await Promise.all(Array.from({ length: count }, () => request(first.port, ask)));
  const acknowledged = answers.filter(body => followTask(0, body));
  await first.crash();
  const from = performance.now();
  const seconds = () => (performance.now() - from) / 1000;
  const second = await start(store.port, 'all');
  const ready = seconds();
  const results = await Promise.all(
    acknowledged.map(async body => {
      let last = body;
      for (let next; (next = followTask(second.port, last)); await sleep(200)) {
        if (seconds() > ready + RECOVERY_SECONDS) return null;
        last = await request(second.port, next);
      }
      return last.includes('ping-pong') ? seconds() : null;
    }),
  );
  await second.stop();
  const finished = results.filter(one => one !== null);
  return { acknowledged: acknowledged.length, lost: results.length - finished.length, ready, last: finished.length > 0 ? Math.max(...finished) : null };
}
