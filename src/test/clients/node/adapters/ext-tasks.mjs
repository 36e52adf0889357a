// @modelcontextprotocol/ext-tasks over client 2.x: tasks of 2025-11-25 where a tool takes them.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { texts } from '../texts.mjs';

export async function connect(url, { answer }, options = {}, sessionOptions = {}) {
  const client = new Client({ name: 'ext-tasks-trial', version: '1.0.0' }, { capabilities: { elicitation: {} }, ...options });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const session = createTaskSessionFromClient(client, {
    endpointId: url,
    onInputRequest: (request) => ({ action: 'accept', content: answer(request.params.message) }),
    ...sessionOptions,
  });
  return {
    list: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args, { progress, signal }) => {
      const execution = await session.callTool(name, args, { signal, task: { preference: 'prefer' } });
      signal?.addEventListener('abort', () => execution.cancel().catch(() => {}));
      const { outcome } = await execution.settle({ onEvent: (event) => event.type === 'task' && progress?.() });
      return texts(resultFromTaskOutcome(outcome));
    },
    close: async () => {
      await session.close();
      await client.close();
    },
  };
}
