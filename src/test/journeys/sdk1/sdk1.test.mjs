// TypeScript SDK 1.x, which most clients in use are built on, over both of its transports.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server } from '../typescript/server.mjs';

const ABC = /ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/;
const text = (result) => result.content.map((item) => item.text ?? '').join('\n');

let server;

before(async () => {
  server = await Server.start({ LONGHAUL_MCP_HOLD: '2s' });
});

after(() => server?.stop());

async function connect(transport) {
  const client = new Client({ name: 'longhaul-journey-sdk1', version: '1.0.0' }, { capabilities: {} });
  await client.connect(transport);
  return client;
}

const transports = {
  'streamable HTTP': () => new StreamableHTTPClientTransport(server.url),
  'HTTP+SSE': () => new SSEClientTransport(new URL('/sse', server.url)),
};

for (const [name, transport] of Object.entries(transports)) {
  test(`${name}: the tools are listed and a quick call is answered`, async () => {
    const client = await connect(transport());
    try {
      await client.ping();
      const { tools } = await client.listTools();
      assert.ok(tools.some((tool) => tool.name === 'profile_dataset'));
      const result = await client.callTool({ name: 'compute_hash', arguments: { data: 'abc' } });
      assert.match(JSON.stringify(result), ABC);
    } finally {
      await client.close();
    }
  });

  test(`${name}: a slow call reports progress, is handed over, and is continued to its result`, async () => {
    const client = await connect(transport());
    try {
      const progress = [];
      let result = await client.callTool({ name: 'profile_dataset', arguments: { path: 'big.csv' } }, undefined, {
        onprogress: (report) => progress.push(report.progress),
        timeout: 120_000,
      });
      const operation = result._meta['dev.longhaul/operation'];
      assert.ok(operation, JSON.stringify(result));
      assert.deepEqual(progress, [...progress].sort((a, b) => a - b), 'progress never goes back');
      while (result._meta?.['dev.longhaul/operation']) {
        result = await client.callTool({ name: operation.next.tool, arguments: operation.next.arguments }, undefined, {
          timeout: 120_000,
        });
      }
      assert.ok(!result.isError, text(result));
      assert.match(JSON.stringify(result), new RegExp(String(server.rows)));
    } finally {
      await client.close();
    }
  });
}

test('a session that was ended is not found', async () => {
  const transport = new StreamableHTTPClientTransport(server.url);
  const client = await connect(transport);
  await transport.terminateSession();
  await client.close();
});
