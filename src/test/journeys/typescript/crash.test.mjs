import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, finished, modernClient, pollTask } from './clients.mjs';
import { Server } from './server.mjs';

let server;

before(async () => {
  server = await Server.start();
});

after(() => server?.stop());

test('kill -9 of the whole server during a job: after a restart the result arrives', async () => {
  const first = await modernClient(server);
  const { task } = await call(first, 'profile_dataset', { path: 'big.csv' });
  const running = await pollTask(first, task.taskId, (seen) => seen.statusMessage?.startsWith('Running') || finished(seen));
  assert.equal(running.status, 'working', 'killed before it is done');
  await server.kill();
  await first.close().catch(() => {});

  await server.start();
  const second = await modernClient(server);
  const done = await pollTask(second, task.taskId, finished);
  assert.equal(done.status, 'completed', JSON.stringify(done));
  assert.ok(!done.result.isError, JSON.stringify(done.result));
  assert.match(JSON.stringify(done.result), new RegExp(String(server.rows)));
  await second.close();
});
