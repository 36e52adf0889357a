// Tries every client of clients.mjs against the packaged jar with default settings on both sides, all side by side,
// since they mostly wait; compares what came of it with what is expected there, and prints the matrix, which must be
// the one that docs/clients.md shows.
//
//   node suite.mjs [--write] [CLIENT …]    --write puts the matrix into docs/clients.md (make clients WRITE=--write,
//                                          so that the one in Rust is not left out)
//
// A driver is a program that is given URL and LABEL in its environment and one argument, and writes a line of JSON for
// each step it has tried: {"step", "status", "note"}.
//   steps  list, quick, progress, cancel, question, large, slow
//   crash  writes READY, waits for a line on its standard input, makes a slow call that the server does not survive,
//          and goes on as its library, or a program that uses it, would: steps crash (what the call itself got) and
//          repeat (what the same call got when it was made again)
// status is one of:
//   ok           the answer that was wanted
//   handed-over  an operation that was continued until it was the answer
//   anew         the answer that was wanted, of a second run of the tool
//   unable       this client has no way to do it
//   failed       anything else; the note says what
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { clients } from './clients.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const JAR = process.env.LONGHAUL_JAR ?? fail('LONGHAUL_JAR must name the runnable jar');
const TOOLS = process.env.CLIENT_TOOLS ?? fail('CLIENT_TOOLS must name the directory with the jar of the tools');
const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
const STEPS = ['list', 'quick', 'progress', 'cancel', 'question', 'large', 'slow', 'crash', 'repeat'];
const LIMIT = 330_000;
// How many programs are starting at once: on two processors more would meet their own time limits.
const STARTING = 4;
// A call is known to have been made from about its first second on; the server is killed a little later.
const IN_THE_CALL = 4000;

function fail(text) {
  throw new Error(text);
}

// Whatever ends this program ends what it has started.
const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
function begin(command, args, options) {
  const child = spawn(command, args, options);
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}

class Server {
  static async start(name) {
    const server = new Server();
    server.directory = mkdtempSync(join(tmpdir(), `longhaul-clients-${name}-`));
    server.events = join(server.directory, 'events');
    writeFileSync(server.events, '');
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    server.port = probe.address().port;
    probe.close();
    await once(probe, 'close');
    await server.start();
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  get log() {
    return join(this.directory, 'server.log');
  }

  async start() {
    const log = openSync(this.log, 'a');
    // It lives for some minutes only: compiling further would cost more than it brings.
    this.process = begin(JAVA, ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-jar', JAR, `--server.port=${this.port}`], {
      cwd: this.directory,
      env: { ...process.env, LONGHAUL_TOOL_PATH: TOOLS, EVENTS: this.events },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.exited = once(this.process, 'exit');
    const limit = Date.now() + 180_000;
    for (;;) {
      try {
        if ((await fetch(`http://127.0.0.1:${this.port}/actuator/health/readiness`)).ok) return;
      } catch {
        // not yet
      }
      if (this.process.exitCode !== null || Date.now() > limit) {
        fail(`the server did not start:\n${readFileSync(this.log)}`);
      }
      await sleep(200);
    }
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exited;
  }

  /** How often a nap of this label began, ended, was interrupted. */
  count(what, label) {
    return readFileSync(this.events, 'utf8').split('\n').filter((line) => line === `${what} ${label}`).length;
  }
}

// Every driver's whole output is kept: what a client says of a failure is the most useful part of it.
function drive(client, url, part, logs) {
  const [command, ...args] = client.command;
  const file = join(logs, `${client.id}-${part}.log`);
  writeFileSync(file, '');
  const child = begin(command, [...args, part], {
    cwd: HERE,
    env: { ...process.env, URL: url, LABEL: `${client.id}-${part}` },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const run = { client, child, results: {}, ready: false, file };
  child.on('error', (e) => appendFileSync(file, `${e}\n`));
  child.stdin.on('error', () => {});
  child.stderr.on('data', (data) => appendFileSync(file, data));
  createInterface({ input: child.stdout }).on('line', (line) => {
    appendFileSync(file, `${line}\n`);
    if (line === 'READY') run.ready = true;
    if (!line.startsWith('{"step"')) return;
    const { step, status, note } = JSON.parse(line);
    run.results[step] = { status, note };
  });
  const limit = setTimeout(() => {
    appendFileSync(file, `ended after ${LIMIT / 1000} s\n`);
    child.kill('SIGKILL');
  }, LIMIT);
  run.ended = new Promise((resolve) => child.on('close', resolve).on('error', resolve)).finally(() => clearTimeout(limit));
  run.over = false;
  run.ended.then(() => (run.over = true));
  return run;
}

async function until(condition, millis) {
  const limit = Date.now() + millis;
  while (!condition() && Date.now() < limit) await sleep(100);
  return condition();
}

// Starts the drivers one after the other; settled says when one is through with what takes the processor.
async function driveAll(chosen, url, part, logs, settled) {
  const runs = [];
  for (const client of chosen) {
    await until(() => runs.filter((run) => !run.over && !settled(run)).length < STARTING, 60_000);
    runs.push(drive(client, url, part, logs));
  }
  return runs;
}

async function steps(name, chosen, logs, results, started) {
  const server = await Server.start(name);
  try {
    const runs = await driveAll(chosen, server.url, 'steps', logs, (run) => run.results.quick);
    started();
    await Promise.all(runs.map((run) => run.ended));
    for (const run of runs) {
      const label = `${run.client.id}-steps-cancel`;
      if (run.results.cancel?.status === 'ok' && server.count('interrupted', label) === 0) {
        run.results.cancel = { status: 'failed', note: 'the client cancelled, but the tool was not stopped' };
      }
      Object.assign(results[run.client.id], run.results);
    }
  } finally {
    started();
    await server.stop();
  }
}

async function crash(chosen, logs, results, turn) {
  const server = await Server.start('crash');
  try {
    await turn;
    const runs = await driveAll(chosen, server.url, 'crash', logs, (run) => run.ready);
    await until(() => runs.every((run) => run.ready || run.over), 120_000);
    runs.forEach((run) => run.child.stdin.write('go\n'));
    await until(() => runs.every((run) => run.over || server.count('start', `${run.client.id}-crash`) > 0), 12_000);
    await sleep(IN_THE_CALL);
    await server.kill();
    await server.start();
    runs.forEach((run) => run.child.stdin.end());
    await Promise.all(runs.map((run) => run.ended));
    for (const run of runs) {
      const began = server.count('start', `${run.client.id}-crash`);
      const ended = server.count('end', `${run.client.id}-crash`);
      const repeat = run.results.repeat;
      if (repeat && repeat.status !== 'failed' && began === 3 && ended === 2) {
        run.results.repeat = { status: 'anew', note: `${repeat.note}, the tool was started ${began} times` };
      } else if (repeat && began > 2) {
        run.results.repeat = { status: 'failed', note: `${repeat.note}, but the tool was started ${began} times` };
      } else if (repeat && repeat.status !== 'failed' && ended !== 1) {
        run.results.repeat = { status: 'failed', note: `the tool ended ${ended} times` };
      }
      Object.assign(results[run.client.id], run.results);
    }
  } finally {
    await server.stop();
  }
}

// What one is told of a step. A step of which nothing was heard is not what was expected, whatever that was.
const WORDS = { ok: 'yes', 'handed-over': 'handed over', anew: 'anew', unable: 'no', failed: 'error' };

// After a crash timing decides how the answer comes.
const AFTER_CRASH = { ...WORDS, 'handed-over': 'yes' };
const word = (step, status) => (['crash', 'repeat'].includes(step) ? AFTER_CRASH : WORDS)[status] ?? status;

function matrix(chosen, results) {
  const rows = [`| client | ${STEPS.join(' | ')} |`, `|---|${STEPS.map(() => '---|').join('')}`];
  for (const client of chosen) {
    const cells = STEPS.map((step) => {
      const got = results[client.id][step]?.status ?? 'not tried';
      const expected = client.expected[step];
      const words = (expected.includes(got) ? expected : [got]).map((status) => word(step, status));
      return [...new Set(words)].join(' or ');
    });
    rows.push(`| ${client.name} | ${cells.join(' | ')} |`);
  }
  return [...rows, '', 'What is *no*, and why:', '', ...cannot(chosen)].join('\n');
}

function cannot(chosen) {
  return chosen
    .filter((client) => Object.keys(client.cannot).length > 0)
    .map((client) => {
      const reasons = Object.entries(client.cannot).map(([step, why]) => `${step} (${why})`);
      return `- ${client.name}: ${reasons.join(', ')}`;
    });
}

const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const chosen = clients.filter((client) => (names.length === 0 ? client.byDefault !== false : names.includes(client.id)));
if (chosen.length < Math.max(1, names.length)) fail(`no such client among: ${names.join(' ')}`);
const logs = process.env.CLIENT_LOGS ?? mkdtempSync(join(tmpdir(), 'longhaul-clients-logs-'));
mkdirSync(logs, { recursive: true });
const results = Object.fromEntries(chosen.map((client) => [client.id, {}]));
const shared = chosen.filter((client) => !client.alone);
const alone = chosen.filter((client) => client.alone);
let started;
const allStarted = new Promise((resolve) => (started = resolve));
await Promise.all([
  shared.length > 0 ? steps('steps', shared, logs, results, started) : started(),
  ...alone.map((client) => steps(client.id, [client], logs, results, () => {})),
  crash(chosen, logs, results, allStarted),
]);

const table = matrix(chosen, results);
console.log(table);
let passed = 0;
let failed = 0;
function check(right, wrong) {
  if (right) {
    passed++;
  } else {
    failed++;
    console.log(wrong);
  }
}
for (const client of chosen) {
  for (const step of STEPS) {
    const { status, note } = results[client.id][step] ?? { status: 'not tried', note: 'the driver said nothing of it' };
    const expected = client.expected[step];
    const where = `(${logs}/${client.id}-*.log)`;
    check(expected.includes(status), `${client.id} ${step}: ${status}, expected ${expected.join(' or ')}: ${note} ${where}`);
  }
}
const DOC = join(HERE, '../../../docs/clients.md');
const [before, rest] = readFileSync(DOC, 'utf8').split('<!-- matrix -->\n');
const [shown, after] = rest.split('\n<!-- /matrix -->');
if (process.argv.includes('--write')) {
  writeFileSync(DOC, `${before}<!-- matrix -->\n${table}\n<!-- /matrix -->${after}`);
} else if (names.length === 0) {
  // Clients that are tried only by name have rows of their own there.
  const rows = new Set(shown.split('\n'));
  check(table.split('\n').every((row) => rows.has(row)), 'docs/clients.md shows another matrix (--write puts this one there)');
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
