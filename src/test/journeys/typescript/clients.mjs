// The official client, in the two eras.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { setTimeout as sleep } from 'node:timers/promises';

export const TASKS = 'io.modelcontextprotocol/tasks';

const INFO = { name: 'longhaul-journey', version: '1.0.0' };

// Takes any result: the journeys look at the wire's own fields, which typed calls hide.
const ANY = { '~standard': { version: 1, vendor: 'journey', validate: (value) => ({ value }) } };

export async function legacyClient(server) {
  const client = new Client(INFO, { capabilities: {} });
  await client.connect(new StreamableHTTPClientTransport(server.url));
  return client;
}

/** A client of 2026-07-28; with the tasks extension unless told otherwise. */
export async function modernClient(server, { tasks = true } = {}) {
  const client = new Client(INFO, {
    capabilities: tasks ? { extensions: { [TASKS]: {} } } : {},
    versionNegotiation: { mode: { pin: '2026-07-28' } },
  });
  const transport = new StreamableHTTPClientTransport(server.url);
  await client.connect(transport);
  if (tasks) acceptTasks(transport);
  return client;
}

// Client 2.4 sends extension capabilities but refuses the result type "task" that they allow. An extension of
// the client has to take such a result out before the client sees it; this is the smallest one.
function acceptTasks(transport) {
  const deliver = transport.onmessage;
  transport.onmessage = (message, extra) => {
    if (message.result?.resultType === 'task') {
      const { resultType, _meta, ...task } = message.result;
      message = { ...message, result: { resultType: 'complete', content: [], task, _meta } };
    }
    deliver(message, extra);
  };
}

/** Calls a tool and returns either { task } or the plain result. */
export function call(client, name, args) {
  return client.request({ method: 'tools/call', params: { name, arguments: args } }, ANY);
}

export function getTask(client, taskId) {
  return client.request({ method: 'tasks/get', params: { taskId } }, ANY);
}

export function cancelTask(client, taskId) {
  return client.request({ method: 'tasks/cancel', params: { taskId } }, ANY);
}

/** Polls as the server asks to, until the condition holds. */
export async function pollTask(client, taskId, until) {
  const limit = Date.now() + 240_000;
  for (;;) {
    const task = await getTask(client, taskId);
    if (until(task)) return task;
    if (Date.now() > limit) throw new Error(`still ${JSON.stringify(task)}`);
    await sleep(task.pollIntervalMs ?? 500);
  }
}

export const finished = (task) => ['completed', 'failed', 'cancelled'].includes(task.status);

export const text = (result) => result.content.map((item) => item.text ?? '').join('\n');
