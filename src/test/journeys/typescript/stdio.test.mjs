// Clients that only start a command: the official client with its stdio transport, in the two eras, through
// `java -jar longhaul.jar stdio` on a data directory of its own.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from './clients.mjs';
import { writeBigFile } from './server.mjs';

const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
const directory = mkdtempSync(join(tmpdir(), 'longhaul-stdio-'));
const rows = writeBigFile(join(directory, 'big.csv'));

async function connect(options = {}) {
  const client = new Client({ name: 'longhaul-stdio', version: '1.0.0' }, { capabilities: { elicitation: {} }, ...options });
  await client.connect(
    new StdioClientTransport({
      command: JAVA,
      args: [
        '-jar',
        process.env.LONGHAUL_JAR,
        'stdio',
        '--data-directory',
        directory,
        `--longhaul.builtin.data-directory=${directory}`,
        '--longhaul.mcp.hold=2s',
      ],
      env: { ...process.env },
      stderr: 'inherit',
    }),
    { timeout: 120_000 }, // which the first one needs to start the server on a busy machine
  );
  return client;
}

const eras = { '2025-11-25': {}, '2026-07-28': { versionNegotiation: { mode: { pin: '2026-07-28' } } } };

const pid = () => Number(/^pid=(\d+)$/m.exec(readFileSync(join(directory, 'stdio.address'), 'utf8'))[1]);

// A process whose parent has ended stays a zombie where nobody reaps it.
async function ended(server) {
  for (let i = 0; i < 600; i++) {
    const stat = `/proc/${server}/stat`;
    if (!existsSync(stat) || readFileSync(stat, 'utf8').includes(') Z ')) return;
    await sleep(100);
  }
  throw new Error(`${server} goes on`);
}

after(async () => {
  if (existsSync(join(directory, 'stdio.address'))) {
    process.kill(pid(), 'SIGTERM');
    await ended(pid());
  }
  rmSync(directory, { recursive: true, force: true });
});

for (const [era, options] of Object.entries(eras)) {
  test(`${era}: tools are listed, a quick call is answered, a slow one reports progress and is continued`, async () => {
    const client = await connect(options);
    try {
      const { tools } = await client.listTools();
      assert.ok(tools.some((tool) => tool.name === 'profile_dataset'));
      const quick = await client.callTool({ name: 'compute_hash', arguments: { data: 'abc' } });
      assert.match(text(quick), /ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/);
      const progress = [];
      let result = await client.callTool(
        { name: 'profile_dataset', arguments: { path: 'big.csv' } },
        { onprogress: (report) => progress.push(report.progress) },
      );
      for (let i = 0; i < 60; i++) {
        const next = /call the tool (\w+) with (\{[^}]*\})/i.exec(text(result));
        if (!next) break;
        result = await client.callTool({ name: next[1], arguments: JSON.parse(next[2]) });
      }
      assert.ok(progress.length > 0, 'progress while the call was held');
      assert.match(JSON.stringify(result), new RegExp(String(rows)));
    } finally {
      await client.close();
    }
  });
}

test('a client that is started again has the same server and finds its operations there', async () => {
  const before = pid();
  assert.equal(statSync(join(directory, 'stdio.key')).mode & 0o777, 0o600);
  const client = await connect();
  try {
    const { structuredContent } = await client.callTool({ name: 'list_operations', arguments: {} });
    assert.match(JSON.stringify(structuredContent), /profile_dataset/);
    assert.equal(pid(), before);
  } finally {
    await client.close();
  }
});

test('a killed server is started again by the next message, and the session goes on', async () => {
  const client = await connect();
  try {
    const killed = pid();
    process.kill(killed, 'SIGKILL');
    await ended(killed);
    const result = await client.callTool({ name: 'compute_hash', arguments: { data: 'abc' } }, { timeout: 120_000 });
    assert.match(text(result), /ba7816bf/);
    assert.notEqual(pid(), killed);
  } finally {
    await client.close();
  }
});
