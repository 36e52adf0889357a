// Calls of a server that is started by a command, without a gateway: one line there, one line back.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const MODERN = '2026-07-28';
const P = 'io.modelcontextprotocol/';

/** One process, asked one request at a time. */
export class StdioServer {
  #child;
  #lines;
  #id = 0;

  constructor(program, args) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    process.on('exit', () => this.stop());
  }

  /** ms of each of some calls of its tool echo, after they were checked. */
  async echo(seconds) {
    const taken = [];
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      const from = performance.now();
      const params = { name: 'echo', arguments: { text: 'ping-pong' }, _meta: { [`${P}protocolVersion`]: MODERN, [`${P}clientCapabilities`]: {} } };
      this.#child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method: 'tools/call', params })}\n`);
      const { value } = await this.#lines.next();
      taken.push(performance.now() - from);
      if (!value?.includes('ping-pong')) throw new Error(`the direct call over stdio: ${value}`);
    }
    return taken;
  }

  stop() {
    this.#child.kill('SIGKILL');
  }
}
