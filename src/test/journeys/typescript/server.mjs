// Longhaul as a process of its own: started from the packaged jar, killed, started again.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const JAR = process.env.LONGHAUL_JAR;
if (!JAR) throw new Error('LONGHAUL_JAR must name the runnable jar; make journeys sets it');
const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
const MEGABYTES = Number(process.env.JOURNEY_MEGABYTES ?? 400);

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

// A CSV that takes seconds to profile: the same rows over and over, which costs a profiler as much as others would.
export function writeBigFile(file) {
  const carriers = ['DHL', 'Maersk', 'UPS', 'Hapag-Lloyd'];
  let rows = '';
  let count = 0;
  for (; rows.length < 1 << 20; count++) {
    rows += `${count},${carriers[count % 4]},${(count * 7919) % 20000 / 10},2026-0${1 + (count % 9)}-15\n`;
  }
  const out = openSync(file, 'w');
  writeSync(out, 'id,carrier,weight_kg,shipped\n');
  for (let i = 0; i < MEGABYTES; i++) writeSync(out, rows);
  closeSync(out);
  return count * MEGABYTES;
}

export class Server {
  /** How many rows big.csv has. */
  rows = 0;

  constructor(environment) {
    this.environment = environment;
    this.directory = mkdtempSync(join(tmpdir(), 'longhaul-journey-'));
    mkdirSync(join(this.directory, 'data'));
    this.rows = writeBigFile(join(this.directory, 'data', 'big.csv'));
  }

  static async start(environment = {}) {
    const server = new Server(environment);
    server.port = await freePort();
    await server.start();
    return server;
  }

  get url() {
    return new URL(`http://127.0.0.1:${this.port}/mcp`);
  }

  async start() {
    const log = openSync(join(this.directory, 'server.log'), 'a');
    this.process = spawn(JAVA, ['-Xmx256m', '-jar', JAR, `--server.port=${this.port}`], {
      cwd: this.directory,
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.exited = once(this.process, 'exit');
    const limit = Date.now() + 120_000;
    while (!(await this.#ready())) {
      if (this.process.exitCode !== null || this.process.signalCode !== null || Date.now() > limit) {
        this.process.kill('SIGKILL');
        throw new Error(`the server did not start:\n${readFileSync(join(this.directory, 'server.log'))}`);
      }
      await sleep(200);
    }
  }

  async #ready() {
    try {
      return (await fetch(new URL('/actuator/health/readiness', this.url))).ok;
    } catch {
      return false;
    }
  }

  /** kill -9: nothing of the process gets to say goodbye. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exited;
    rmSync(this.directory, { recursive: true, force: true });
  }
}
