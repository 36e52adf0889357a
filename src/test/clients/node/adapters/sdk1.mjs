// @modelcontextprotocol/sdk 1.x: the library most JavaScript clients stand on today.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { texts } from '../texts.mjs';

export async function connect(url, { answer }) {
  const client = new Client({ name: 'sdk1-trial', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, (request) => ({ action: 'accept', content: answer(request.params.message) }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return {
    list: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args, { progress, signal }) =>
      texts(await client.callTool({ name, arguments: args }, CallToolResultSchema, { onprogress: progress, signal })),
    close: () => client.close(),
  };
}
