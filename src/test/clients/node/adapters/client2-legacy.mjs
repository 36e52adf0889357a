// @modelcontextprotocol/client 2.x as it is by default: it begins with 2025-11-25.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { texts } from '../texts.mjs';

export async function connect(url, { answer }, options = {}, transport = new StreamableHTTPClientTransport(new URL(url))) {
  const client = new Client({ name: 'client2-trial', version: '1.0.0' }, { capabilities: { elicitation: {} }, ...options });
  client.setRequestHandler('elicitation/create', (request) => ({ action: 'accept', content: answer(request.params.message) }));
  await client.connect(transport);
  return {
    list: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args, { progress, signal }) =>
      texts(await client.callTool({ name, arguments: args }, { onprogress: progress, signal })),
    close: () => client.close(),
  };
}
