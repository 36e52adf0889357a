// A client that costs little: prepared bytes over keep-alive connections, one request at a time on each.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sorted } from '../common/statistics.mjs';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** A connection that is opened again where the server ends it (Tomcat does, after 100 requests). */
class Connection {
  #port;
  #socket;
  #parts = [];
  #waiting;

  constructor(port) {
    this.#port = port;
  }

  /** The status and the body of the answer. */
  async ask(bytes) {
    if (!this.#socket) await this.#open();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(bytes);
    });
  }

  #open() {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#port, '127.0.0.1', resolve).setNoDelay(true).on('error', reject);
      socket.on('data', data => this.#take(data));
      socket.on('close', () => {
        if (socket === this.#socket) this.#waiting?.reject(new Error('the server closed the connection'));
      });
      this.#socket = socket;
    });
  }

  #take(data) {
    this.#parts.push(data);
    const all = this.#parts.length === 1 ? data : Buffer.concat(this.#parts);
    const end = all.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end).toLowerCase();
    const length = /content-length: (\d+)/.exec(head);
    // With one request under way, the last chunk is the last of what there is.
    const whole = length ? all.length >= end + 4 + Number(length[1]) : all.subarray(-5).equals(LAST_CHUNK);
    if (!whole) return;
    this.#parts = [];
    if (head.includes('connection: close')) this.close();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), body: all.toString('utf8', end + 4) });
  }

  close() {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}

// Docket has no notice of the end for a client, so the client asks. Its own client waits 20 ms and more; less costs the
// server more than it gains.
const POLL_MS = Number(process.env.POLL_MS ?? 5);

/** One call: its request, those that ask for its result where it became a task, and the check of the last answer. */
async function whole(connection, { bytes, holds, follow }) {
  let { status, body } = await connection.ask(bytes);
  for (let next; (next = follow?.(body)); ) {
    ({ status, body } = await connection.ask(next));
    if (follow(body)) await sleep(POLL_MS);
  }
  if (status !== 200 || !body.includes(holds) || body.includes('"isError":true')) {
    throw new Error(`status ${status}: ${body.slice(0, 400)}`);
  }
  return body;
}

/**
 * Sends requests over some connections, one at a time on each; each answer is checked.
 *
 * @param limit how many, or {seconds}
 * @param pause ms before each
 * @returns ms in all, and each one's time in ms, sorted; also by the kind of request
 */
export async function load(port, sources, limit, pause = 0) {
  const connections = sources.map(() => new Connection(port));
  const taken = [];
  const kinds = {};
  let next = 0;
  let body;
  const began = performance.now();
  const more = typeof limit === 'number' ? () => next < limit : () => performance.now() - began < limit.seconds * 1000;
  await Promise.all(
    connections.map(async (connection, i) => {
      while (more()) {
        const request = sources[i].next(next++);
        if (pause) await sleep(pause);
        const from = performance.now();
        body = await whole(connection, request);
        const ms = performance.now() - from;
        taken.push(ms);
        (kinds[request.kind] ??= []).push(ms);
      }
    }),
  );
  const ms = performance.now() - began;
  connections.forEach(one => one.close());
  return { ms, count: taken.length, taken: sorted(taken), kinds, body };
}

/**
 * Sends requests when they are due, whether or not the earlier ones are answered: as many clients that know nothing of each
 * other do. A request that has to wait for a free connection is late by that, too.
 *
 * @returns the times in ms from when each was due until its answer, sorted
 */
export async function openLoop(port, sources, rate, seconds) {
  const due = [];
  for (let time = 0; time < seconds; time += -Math.log(1 - Math.random()) / rate) due.push(time * 1000);
  const taken = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    sources.map(async source => {
      const connection = new Connection(port);
      while (next < due.length) {
        const at = next++;
        const wait = began + due[at] - performance.now();
        if (wait > 0) await sleep(wait);
        await whole(connection, source.next(at));
        taken.push(performance.now() - began - due[at]);
      }
      connection.close();
    }),
  );
  return sorted(taken);
}

// A server that has no memory left may say nothing for ever.
async function late() {
  await sleep(60_000, undefined, { ref: false });
  throw new Error('the server opens no more streams');
}

/** Opens that many streams and waits for the first event of each; close ends them. */
export async function streams(port, bytes, count) {
  const sockets = [];
  for (let from = 0; from < count; from += 50) {
    const some = Array.from({ length: Math.min(50, count - from) }, () => {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      return new Promise((resolve, reject) => {
        let said = '';
        socket.on('error', reject).on('close', () => reject(new Error(`a stream ended: ${said.slice(0, 300)}`)));
        socket.on('data', data => {
          said += data;
          if (said.includes('acknowledged')) {
            said = '';
            resolve();
          }
        });
        socket.write(bytes);
      });
    });
    await Promise.race([Promise.all(some), late()]);
  }
  return { open: () => sockets.filter(socket => !socket.destroyed).length, close: () => sockets.forEach(socket => socket.destroy()) };
}

/** The body of the answer to one request, on a connection of its own. */
export async function request(port, bytes) {
  const connection = new Connection(port);
  const { body } = await connection.ask(bytes);
  connection.close();
  return body;
}
