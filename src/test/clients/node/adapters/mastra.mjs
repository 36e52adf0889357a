// Mastra's client; a model gets structuredContent alone where a tool has an output schema.
import { MCPClient } from '@mastra/mcp';
import { texts } from '../texts.mjs';

let instances = 0;

export async function connect(url, { answer }) {
  const inputRequests = async ({ params }) => ({ action: 'accept', content: answer(params.message) });
  const client = new MCPClient({
    id: `trial-${process.pid}-${instances++}`,
    servers: { longhaul: { url: new URL(url), inputRequests, enableProgressTracking: true } },
  });
  const heard = [];
  await client.progress.onUpdate('longhaul', (params) => heard.forEach((each) => each(params)));
  const tools = await client.listTools();
  return {
    list: async () => Object.keys(tools).map((name) => name.replace(/^longhaul_/, '')),
    call: async (name, args, { progress, signal }) => {
      heard.splice(0, heard.length, ...(progress ? [progress] : []));
      const result = await tools[`longhaul_${name}`].execute(args, { abortSignal: signal });
      return result?.content ? texts(result) : { text: JSON.stringify(result), raw: result };
    },
    close: () => client.disconnect(),
  };
}
