// MCP Inspector's command line, as a developer tries a server with it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Server } from '../typescript/server.mjs';

const CLI = join(import.meta.dirname, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');

let server;
let home;

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'longhaul-inspector-'));
  server = await Server.start();
});

after(async () => {
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Runs the command and reads what it prints as JSON. */
function inspect(...args) {
  const env = { ...process.env, HOME: home, MCP_CATALOG_PATH: join(home, 'mcp.json') };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [CLI, '--cli', ...args], { env, timeout: 120_000, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
      try {
        resolve(JSON.parse(stdout));
      } catch {
        reject(new Error(`no JSON: ${stdout}\n${stderr}`));
      }
    });
  });
}

const http = () => [server.url.href, '--transport', 'http'];

test('it lists the tools and finds nothing wrong with their schemas', async () => {
  const { tools } = await inspect(...http(), '--method', 'tools/list');
  assert.ok(tools.some((tool) => tool.name === 'profile_dataset'));
});

test('it calls a tool', async () => {
  const result = await inspect(...http(), '--method', 'tools/call', '--tool-name', 'compute_hash', '--tool-arg', 'data=abc');
  assert.match(JSON.stringify(result), /ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/);
});

test('it calls a slow tool and waits for its result', async () => {
  const result = await inspect(...http(), '--method', 'tools/call', '--tool-name', 'profile_dataset', '--tool-arg', 'path=big.csv');
  assert.match(JSON.stringify(result), new RegExp(String(server.rows)));
});

test('it speaks HTTP+SSE too', async () => {
  const sse = new URL('/sse', server.url).href;
  const { tools } = await inspect(sse, '--transport', 'sse', '--method', 'tools/list');
  assert.ok(tools.some((tool) => tool.name === 'compute_hash'));
});
