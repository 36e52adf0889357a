// What all benchmarks rely on: node --test bench/common/common.test.mjs
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { chart } from './charts.mjs';
import { at, median } from './statistics.mjs';
import { atLeast, atMost, line } from './targets.mjs';
import { untilWarm } from './warm.mjs';

test('a target is printed with its name, its value, its bound and whether it is met', () => {
  assert.equal(line(atLeast('bulk enqueue, × BullMQ', 4.2, 4)), 'bulk enqueue, × BullMQ 4.200 ≥ 4 met');
  assert.equal(line(atMost('pickup p50, RTT', 1.43, 1.2)), 'pickup p50, RTT 1.430 ≤ 1.2 short');
  assert.equal(line(atMost('pickup p50, RTT', NaN, 1.2)), 'pickup p50, RTT not measured');
});

test('a median lies between the two in the middle, and a high percentile is one of the values', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(at([1, 2, 3, 4], 0.99), 4);
});

test('systems have as many rounds each, until the rate of the slower to warm no longer rises', async () => {
  const rates = { quick: [10, 10, 10, 10, 10, 10, 10, 10], slow: [1, 2, 4, 8, 9, 9, 9, 9] };
  const rounds = { quick: 0, slow: 0 };
  const warm = await untilWarm('test', ['quick', 'slow'], system => rates[system][rounds[system]++], 20);
  assert.deepEqual(warm, { rounds: 8, warm: true });
  assert.deepEqual(rounds, { quick: 8, slow: 8 });
});

test('a system whose rate rises for ever is reported as not warm after the most rounds', async () => {
  let rate = 1;
  assert.deepEqual(await untilWarm('test', ['rising'], () => (rate *= 2), 5), { rounds: 5, warm: false });
});

test('a chart has colours for light and for dark pages, and says its figures in words', () => {
  const svg = chart([{ title: 'jobs/s', bars: [{ label: 'Longhaul', value: 31_900 }, { label: 'BullMQ <6', value: 34_800 }] }], 'note');
  assert.match(svg, /prefers-color-scheme:dark/);
  assert.match(svg, /aria-label="jobs\/s: Longhaul 31,900, BullMQ &lt;6 34,800"/);
});

// Other work must not be ours: the shell that started it ends first, so it is no child of this process.
function besideOtherWork(work) {
  const forever = 'for (;;);';
  const pid = execFileSync('sh', ['-c', `"$0" -e '${forever}' >/dev/null 2>&1 & echo $!`, process.execPath], { encoding: 'utf8' }).trim();
  try {
    return work();
  } finally {
    process.kill(Number(pid), 'SIGKILL');
  }
}

const quiet = env =>
  spawnSync(process.execPath, ['--input-type=module', '-e', "import { Machine } from './machine.mjs'; await Machine.quiet(); console.log('runs')"], {
    cwd: import.meta.dirname,
    env: { ...process.env, BUSY: '', ...env },
    encoding: 'utf8',
  });

test('beside other work a run is refused, with what it takes to accept it', { skip: process.platform !== 'linux' }, () => {
  const { status, stdout, stderr } = besideOtherWork(() => quiet({}));
  assert.equal(status, 3);
  assert.equal(stdout, '');
  assert.match(stderr, /The machine is busy: .*No report is written\. Wait until it is quiet, or run with BUSY=1/);
});

test('beside other work a run that is told to accept it begins', { skip: process.platform !== 'linux' }, () => {
  const { status, stdout } = besideOtherWork(() => quiet({ BUSY: '1' }));
  assert.equal(status, 0);
  assert.equal(stdout, 'runs\n');
});
