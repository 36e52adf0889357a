// Vercel's AI SDK: its tools as a model's loop calls them.
import { createMCPClient, ElicitationRequestSchema } from '@ai-sdk/mcp';
import { texts } from '../texts.mjs';

export async function connect(url, { answer }) {
  const client = await createMCPClient({ transport: { type: 'http', url }, capabilities: { elicitation: {} } });
  client.onElicitationRequest(ElicitationRequestSchema, (request) => ({ action: 'accept', content: answer(request.params.message) }));
  const tools = await client.tools();
  return {
    list: async () => Object.keys(tools),
    call: async (name, args, { signal }) =>
      texts(await tools[name].execute(args, { toolCallId: '1', messages: [], abortSignal: signal })),
    close: () => client.close(),
    reports: false,
  };
}
