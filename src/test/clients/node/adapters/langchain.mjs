// @langchain/mcp-adapters: tools as LangChain calls them.
import { MultiServerMCPClient } from '@langchain/mcp-adapters';

export async function connect(url) {
  const heard = [];
  const client = new MultiServerMCPClient({
    mcpServers: { longhaul: { transport: 'http', url } },
    onProgress: (progress) => heard.forEach((each) => each(progress)),
  });
  const tools = Object.fromEntries((await client.getTools()).map((tool) => [tool.name, tool]));
  return {
    list: async () => Object.keys(tools),
    call: async (name, args, { progress, signal }) => {
      heard.splice(0, heard.length, ...(progress ? [progress] : []));
      const result = await tools[name].invoke(args, { signal });
      return { text: typeof result === 'string' ? result : JSON.stringify(result), raw: result };
    },
    close: () => client.close(),
    asks: false,
  };
}
