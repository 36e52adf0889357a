// MCP Inspector's command line: a process for each request.
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { texts } from '../texts.mjs';

const CLI = fileURLToPath(new URL('../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url));

export async function connect(url) {
  const home = mkdtempSync(join(tmpdir(), 'longhaul-inspector-'));
  const env = { ...process.env, HOME: home, MCP_CATALOG_PATH: join(home, 'mcp.json') };
  const inspect = (signal, ...args) =>
    new Promise((resolve, reject) => {
      const options = { env, signal, maxBuffer: 1 << 26, killSignal: 'SIGINT' };
      execFile(process.execPath, [CLI, '--cli', url, '--transport', 'http', ...args], options, (error, stdout, stderr) => {
        if (error && !stdout.trim().startsWith('{')) return reject(new Error(`${error.message}\n${stderr}`));
        resolve(JSON.parse(stdout));
      });
    });
  return {
    list: async () => (await inspect(undefined, '--method', 'tools/list')).tools.map((tool) => tool.name),
    call: async (name, args, { signal }) => {
      const given = Object.entries(args).flatMap(([key, value]) => ['--tool-arg', `${key}=${value}`]);
      return texts(await inspect(signal, '--method', 'tools/call', '--tool-name', name, ...given));
    },
    close: async () => {},
    asks: false,
    reports: false,
    cancels: false,
  };
}
