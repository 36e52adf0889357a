// @modelcontextprotocol/ext-tasks over client 2.x: the experimental tasks of 2025-11-25.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, resultFromTaskOutcome } from '@modelcontextprotocol/ext-tasks/client';
import { texts } from '../texts.mjs';

export async function connect(url) {
  const client = new Client({ name: 'ext-tasks-trial', version: '1.0.0' }, { capabilities: {} });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const session = createTaskSessionFromClient(client, { endpointId: url });
  return {
    list: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args, { signal }) => {
      const execution = await session.callTool(name, args, { signal });
      const { outcome } = await execution.settle();
      return texts(resultFromTaskOutcome(outcome));
    },
    close: async () => {
      await session.close();
      await client.close();
    },
    asks: false,
    reports: false,
  };
}
