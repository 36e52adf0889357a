// Tries every client of clients.mjs against the packaged jar with default settings on both sides, all side by side,
// since they mostly wait; prints the matrix and compares it with expected.json.
//
//   node suite.mjs [--write] [CLIENT …]    --write puts the matrix into docs/clients.md
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
//   unable       this client has no way to do it
//   failed       anything else; the note says what
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

function fail(text) {
  throw new Error(text);
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
    this.process = spawn(JAVA, ['-Xmx512m', '-jar', JAR, `--server.port=${this.port}`], {
      cwd: this.directory,
      env: { ...process.env, LONGHAUL_TOOLS: TOOLS, EVENTS: this.events },
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
  const child = spawn(command, [...args, part], {
    cwd: HERE,
    env: { ...process.env, ...client.env, URL: url, LABEL: `${client.id}-${part}` },
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
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT);
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

async function steps(chosen, logs, results) {
  const server = await Server.start('steps');
  try {
    const runs = [];
    for (const client of chosen) {
      runs.push(drive(client, server.url, 'steps', logs));
      await sleep(700); // two processors start some forty programs
    }
    await Promise.all(runs.map((run) => run.ended));
    for (const run of runs) {
      const label = `${run.client.id}-steps-cancel`;
      if (run.results.cancel?.status === 'ok' && server.count('interrupted', label) === 0) {
        run.results.cancel = { status: 'failed', note: 'the client cancelled, but the tool was not stopped' };
      }
      Object.assign(results[run.client.id], run.results);
    }
  } finally {
    await server.stop();
  }
}

async function crash(chosen, logs, results) {
  const server = await Server.start('crash');
  try {
    const runs = chosen.map((client) => drive(client, server.url, 'crash', logs));
    await until(() => runs.every((run) => run.ready || run.over), 120_000);
    runs.forEach((run) => run.child.stdin.write('go\n'));
    await until(() => runs.every((run) => run.over || server.count('start', `${run.client.id}-crash`) > 0), 15_000);
    await server.kill();
    await server.start();
    runs.forEach((run) => run.child.stdin.end());
    await Promise.all(runs.map((run) => run.ended));
    for (const run of runs) {
      const began = server.count('start', `${run.client.id}-crash`);
      const ended = server.count('end', `${run.client.id}-crash`);
      const repeat = run.results.repeat;
      if (repeat && began > 2) {
        run.results.repeat = { status: 'failed', note: `${repeat.note ?? ''} but the tool was started ${began} times` };
      } else if (repeat?.status !== 'failed' && ended !== 1) {
        run.results.repeat = { status: 'failed', note: `the tool ended ${ended} times` };
      }
      Object.assign(results[run.client.id], run.results);
    }
  } finally {
    await server.stop();
  }
}

function matrix(chosen, results) {
  const rows = [`| client | ${STEPS.join(' | ')} |`, `|---|${STEPS.map(() => '---|').join('')}`];
  for (const client of chosen) {
    const cells = STEPS.map((step) => results[client.id][step]?.status ?? 'not tried');
    rows.push(`| ${client.name} | ${cells.join(' | ')} |`);
  }
  return rows.join('\n');
}

const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const chosen = clients.filter((client) => names.length === 0 || names.includes(client.id));
if (chosen.length === 0) fail(`no such client: ${names}`);
const logs = process.env.CLIENT_LOGS ?? mkdtempSync(join(tmpdir(), 'longhaul-clients-logs-'));
mkdirSync(logs, { recursive: true });
const results = Object.fromEntries(chosen.map((client) => [client.id, {}]));
await Promise.all([steps(chosen, logs, results), crash(chosen, logs, results)]);

const table = matrix(chosen, results);
console.log(table);
const expectedFile = join(HERE, 'expected.json');
const expected = existsSync(expectedFile) ? JSON.parse(readFileSync(expectedFile, 'utf8')) : {};
let passed = 0;
let failed = 0;
for (const client of chosen) {
  for (const step of STEPS) {
    const got = results[client.id][step] ?? { status: 'not tried', note: 'the driver said nothing of it' };
    const want = expected[client.id]?.[step] ?? ['ok'];
    if (want.includes(got.status)) {
      passed++;
    } else {
      failed++;
      console.log(`${client.id} ${step}: ${got.status}, expected ${want.join(' or ')}: ${got.note ?? ''} (${logs}/${client.id}-*.log)`);
    }
  }
}
if (process.argv.includes('--write')) {
  const docs = join(HERE, '../../../docs/clients.md');
  const [before, rest] = readFileSync(docs, 'utf8').split('<!-- matrix -->');
  const after = rest.split('<!-- /matrix -->')[1];
  writeFileSync(docs, `${before}<!-- matrix -->\n${table}\n<!-- /matrix -->${after}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
