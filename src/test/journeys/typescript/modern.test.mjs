import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, cancelTask, finished, modernClient, pollTask, TASKS } from './clients.mjs';
import { Server } from './server.mjs';

let server;
let client;

before(async () => {
  server = await Server.start();
  client = await modernClient(server);
});

after(async () => {
  await client?.close();
  await server?.stop();
});

test('a client of 2026-07-28 discovers the tasks extension and the tools', async () => {
  assert.ok(client.getServerCapabilities().extensions?.[TASKS], 'the tasks extension is announced');
  const { tools } = await client.listTools();
  assert.ok(tools.some((tool) => tool.name === 'profile_dataset'));
});

test('a quick call is answered with its result and no task', async () => {
  const result = await client.callTool({ name: 'compute_hash', arguments: { data: 'abc' } });
  assert.match(JSON.stringify(result), /ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/);
});

test('a slow call becomes a task, which is polled to its result', async () => {
  const { task } = await call(client, 'profile_dataset', { path: 'big.csv' });
  assert.equal(task?.status, 'working');
  const done = await pollTask(client, task.taskId, finished);
  assert.equal(done.status, 'completed', JSON.stringify(done));
  assert.ok(!done.result.isError, JSON.stringify(done.result));
  assert.match(JSON.stringify(done.result), new RegExp(String(server.rows)));
});

test('a task that is cancelled is cancelled at once and stays so', async () => {
  const { task } = await call(client, 'profile_dataset', { path: 'big.csv' });
  await cancelTask(client, task.taskId);
  const done = await pollTask(client, task.taskId, finished);
  assert.equal(done.status, 'cancelled');
});

test('an unknown task is refused', async () => {
  await assert.rejects(pollTask(client, 'no-such-task', finished), (error) => error.code === -32602);
});
