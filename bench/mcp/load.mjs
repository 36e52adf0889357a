// A client that costs little: prepared bytes over keep-alive connections, one request at a time on each.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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

/** Sends count requests over some connections; each answer is checked. Returns ms, and each one's time in ms. */
export async function load(port, sources, count) {
  const connections = sources.map(() => new Connection(port));
  const taken = new Float64Array(count);
  let next = 0;
  const began = performance.now();
  await Promise.all(
    connections.map(async (connection, i) => {
      while (next < count) {
        const at = next++;
        const { bytes, holds } = sources[i].next(at);
        const from = performance.now();
        const { status, body } = await connection.ask(bytes);
        taken[at] = performance.now() - from;
        if (status !== 200 || !body.includes(holds) || body.includes('"isError":true')) {
          throw new Error(`status ${status}: ${body.slice(0, 400)}`);
        }
      }
    }),
  );
  const ms = performance.now() - began;
  connections.forEach(one => one.close());
  return { ms, taken: taken.sort() };
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
