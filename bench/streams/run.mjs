// Thousands of held calls whose jobs nobody runs, so that all that happens are comments. Started by ./run, which says what it needs.
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { conditions, keep, Machine, say } from '../common/machine.mjs';
import { ask } from '../common/redis.mjs';
import { longhaul, redis } from '../mcp/processes.mjs';
import { call } from '../mcp/requests.mjs';

const quick = process.env.QUICK === '1';
const STREAMS = Number(process.env.STREAMS ?? (quick ? 200 : 5_000));
const LEAVING = Math.floor(STREAMS / 10);
const AT_ONCE = 200;
const KEEP_ALIVE = 15;
const KEEP_ALIVE_THREADS = 'longhaul-keep-alive';
// By the age of a stream in seconds: how long it is from one comment to the next (KeepAlive).
const PHASES = [
  { name: 'until 12 s: every second', from: 0, to: 12, pause: 1 },
  { name: '12 to 60 s: every 3 s', from: 12, to: 60, pause: 3 },
  { name: `later: every ${KEEP_ALIVE} s (keep-alive)`, from: 60, to: Infinity, pause: KEEP_ALIVE },
];
const shown = quick ? PHASES.slice(0, 2) : PHASES;
const COMMENT = ':\n\n';
const seconds = () => performance.now() / 1000;

const machine = await Machine.quiet();
const store = await redis();
const server = await longhaul(store.port, {
  'longhaul.role': 'api',
  'longhaul.mcp.hold': '1h',
  'longhaul.mcp.leave-grace': '1h', // what is noted of a call that was left is read here
  'longhaul.mcp.keep-alive': `${KEEP_ALIVE}s`,
  'longhaul.http.in-flight.max-calls-per-caller': STREAMS + 1,
});

/** When each comment of one stream came. */
class HeldCall {
  times = [];
  #socket = connect(server.port, '127.0.0.1');

  open(number) {
    return new Promise((resolve, reject) => {
      this.#socket.on('error', reject);
      this.#socket.on('close', () => reject(new Error('the server ended a stream')));
      this.#socket.on('data', data => {
        const text = data.toString('latin1');
        if (!this.times.length && !text.includes('text/event-stream')) reject(new Error(text.slice(0, 400)));
        if (!text.includes(COMMENT)) return;
        this.times.push(seconds());
        resolve();
      });
      // Each call is another one, so that none is taken for the repetition of the one before.
      this.#socket.write(call(server.port, 'queuemgr_demo', { task_name: `held ${number}`, duration: 240 }));
    });
  }

  get opened() {
    return this.times[0];
  }

  /** How late its comments were, in ms, while it was in that phase of its life. */
  *lateness({ from, to, pause }) {
    for (let i = 1; i < this.times.length; i++) {
      const age = this.times[i - 1] - this.opened;
      // Which pause follows a comment at the very border is not known here.
      if (age > from + (from && 0.5) && age < to - 0.5) yield (this.times[i] - this.times[i - 1] - pause) * 1000;
    }
  }

  leave() {
    this.#socket.removeAllListeners('close').removeAllListeners('data').destroy();
  }
}

const at = (sorted, share) => (sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] : NaN);
const whole = number => Math.round(number).toLocaleString('en');

// A call whose connection is found to be lost is noted as left, with the time (RedisHeldCalls).
const LEFT = `local left = {}
for _, key in ipairs(redis.call('KEYS', '*:hc:*')) do
  for _, value in ipairs(redis.call('HVALS', key)) do
    local changed = string.match(value, '^%d+ (%d+) LEFT ')
    if changed then left[#left + 1] = changed end
  end
end
return table.concat(left, ' ')`;

/** After how many seconds each of these was noticed. */
async function leave(calls, limit) {
  const before = (await ask(store.port, 'EVAL', LEFT, '0')).split(' ').filter(Boolean).length;
  const from = Date.now();
  calls.forEach(one => one.leave());
  const end = seconds() + limit;
  while (seconds() < end) {
    const all = (await ask(store.port, 'EVAL', LEFT, '0')).split(' ').filter(Boolean).map(Number).sort((a, b) => a - b);
    if (all.length - before >= calls.length) return all.slice(before).map(time => (time - from) / 1000);
    await sleep(500);
  }
  throw new Error(`not all of ${calls.length} leaves were noticed within ${limit} s`);
}

/** Takes some calls out, of all ages. */
function tenth() {
  const some = [];
  for (let i = calls.length - 1; some.length < LEAVING; i -= Math.max(1, Math.floor(calls.length / LEAVING) - 1)) some.push(...calls.splice(i, 1));
  return some;
}

const before = server.heap();
say(`opening ${STREAMS} streams`);
const calls = [];
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
const opening = seconds();
const cold = { server: server.cpu(), redis: store.cpu() };
for (let from = 0; from < STREAMS; from += AT_ONCE) {
  const some = Array.from({ length: Math.min(AT_ONCE, STREAMS - from) }, () => new HeldCall());
  await Promise.all(some.map((one, i) => one.open(from + i)));
  calls.push(...some);
}
const opened = seconds();
const perCall = used => `${((used * 1000) / STREAMS).toFixed(1)} ms`;
const cost = `${perCall(server.cpu() - cold.server)} of the server's CPU and ${perCall(store.cpu() - cold.redis)} of Redis' for each`;
say(`opened within ${(opened - opening).toFixed(1)} s`);

// Server time of each phase, while every stream is in it.
const cpu = [];
async function measured(from, to) {
  await sleep(Math.max(0, (from - seconds()) * 1000));
  const used = () => [server.cpu(), server.cpuOf(KEEP_ALIVE_THREADS), store.cpu()];
  const [before, began] = [used(), seconds()];
  await sleep(Math.max(0, (to - began) * 1000));
  const took = seconds() - began;
  cpu.push(used().map((now, i) => (100 * (now - before[i])) / took));
}
const first = calls[0].opened;
const young = first + 11.5 - opened;
if (young > 1) await measured(opened, opened + young);
else cpu.push([NaN, NaN, NaN]);
// The oldest must not be a minute old before the last leave is noticed.
await measured(opened + 12.5, Math.max(opened + 17, Math.min(first + 45, opened + (quick ? 20 : 40))));
const leaves = [{ name: '12 to 60 s old', after: await leave(tenth(), 60) }];
if (!quick) {
  await measured(opened + 61, opened + 106);
  leaves.push({ name: 'older than a minute', after: await leave(tenth(), 120) });
}
delay.disable();

const lines = [`${whole(STREAMS)} held calls on 2026-07-28, opened within ${(opened - opening).toFixed(1)} s by a JVM just started (${cost}).`, ''];
lines.push('| age of the stream, comments | late: p50, ms | p99, ms | most, ms | comments | CPU of the server, % of one processor | of its keep-alive threads | of Redis |', '|---|---|---|---|---|---|---|---|');
shown.forEach((phase, i) => {
  const late = calls.flatMap(one => [...one.lateness(phase)]).sort((a, b) => a - b);
  const figure = value => (Number.isNaN(value) ? '' : value.toFixed(1));
  lines.push(
    `| ${phase.name} | ${figure(at(late, 0.5))} | ${figure(at(late, 0.99))} | ${figure(at(late, 1))} | ${whole(late.length)} | ${cpu[i].map(figure).join(' | ')} |`,
  );
});
lines.push('', `| a tenth of the clients leave at once, their streams | noticed after: p50, s | p99, s | most, s |`, '|---|---|---|---|');
leaves.forEach(({ name, after }) => lines.push(`| ${name} | ${[0.5, 0.99, 1].map(share => at(after, share).toFixed(1)).join(' | ')} |`));
const rss = server.rss();
lines.push(
  '',
  `Heap of the server after a full collection: ${whole(before)} MB before, ${whole(server.heap())} MB with ${whole(calls.length)} of them; ${whole(rss)} MB of memory in all.`,
  `The client's own delay (p99): ${(delay.percentile(99) / 1e6).toFixed(1)} ms.`,
);
const quiet = machine.end();
keep('streams', { machine: quiet }, `${[conditions(quiet), '', ...lines].join('\n')}\n`);
calls.forEach(one => one.leave());
await server.stop();
await store.stop();
process.exit(0);
