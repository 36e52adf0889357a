import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { legacyClient, text } from './clients.mjs';
import { Server } from './server.mjs';

let server;
let client;

before(async () => {
  server = await Server.start({ LONGHAUL_MCP_HOLD: '2s' });
  client = await legacyClient(server);
});

after(async () => {
  await client?.close();
  await server?.stop();
});

test('a client of 2025-11-25 is welcomed and sees the tools', async () => {
  assert.equal(client.getServerVersion().name.toLowerCase(), 'longhaul');
  await client.ping();
  const { tools } = await client.listTools();
  const names = tools.map((tool) => tool.name);
  for (const name of ['profile_dataset', 'compute_hash', 'continue_operation', 'list_operations']) {
    assert.ok(names.includes(name), `${name} in ${names}`);
  }
});

test('a quick call is answered with its result', async () => {
  const result = await client.callTool({ name: 'compute_hash', arguments: { data: 'abc' } });
  assert.match(JSON.stringify(result), /ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/);
});

test('a call that outlives its hold reports progress, is handed over, and is continued to its result', async () => {
  const progress = [];
  const handedOver = await client.callTool(
    { name: 'profile_dataset', arguments: { path: 'big.csv' } },
    { onprogress: (report) => progress.push(report.progress) },
  );
  const operation = handedOver._meta['dev.longhaul/operation'];
  assert.ok(operation, JSON.stringify(handedOver));
  assert.match(text(handedOver), /continue_operation/);
  assert.ok(progress.length > 0, 'progress while the call was held');
  assert.deepEqual(progress, [...progress].sort((a, b) => a - b), 'progress never goes back');

  let result = handedOver;
  for (let i = 0; i < 60 && result._meta?.['dev.longhaul/operation']; i++) {
    result = await client.callTool({ name: operation.next.tool, arguments: operation.next.arguments });
    if (result.structuredContent?.operation_id && !result.structuredContent?.status?.match(/completed/)) {
      result._meta ??= { 'dev.longhaul/operation': result.structuredContent };
    }
  }
  assert.ok(!result.isError, text(result));
  assert.match(JSON.stringify(result), new RegExp(String(server.rows)));
});

test('a call repeated under its idempotency key comes back to the same operation', async () => {
  const keyed = (path) =>
    client.callTool({
      name: 'profile_dataset',
      arguments: { path },
      _meta: { 'dev.longhaul/idempotency_key': 'journey', 'dev.longhaul/priority': 'high' },
    });
  const first = (await keyed('big.csv'))._meta['dev.longhaul/operation'];
  const again = (await keyed('big.csv'))._meta?.['dev.longhaul/operation'] ?? first;
  assert.equal(again.operation_id, first.operation_id);
  await assert.rejects(keyed('other.csv'), (error) => error.code === -31003);
  await client.callTool({ name: 'cancel_operation', arguments: { operation_id: first.operation_id } });
});

test('a bad value in _meta is refused by its name', async () => {
  await assert.rejects(
    client.callTool({
      name: 'profile_dataset',
      arguments: { path: 'big.csv' },
      _meta: { 'dev.longhaul/priority': 'soon' },
    }),
    (error) => error.code === -32602 && /dev\.longhaul\/priority/.test(error.message),
  );
});

test('the tools refuse invalid arguments by name', async () => {
  const outcome = await client
    .callTool({ name: 'compute_hash', arguments: { algorithm: 'sha256' } })
    .catch((error) => error);
  assert.match(`${outcome.message ?? text(outcome)}`, /data/);
});
