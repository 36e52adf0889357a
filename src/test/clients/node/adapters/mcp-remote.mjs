// mcp-remote: the bridge that programs use which only start commands, behind TypeScript SDK 1.x.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { texts } from '../texts.mjs';

const BRIDGE = fileURLToPath(new URL('../node_modules/mcp-remote/dist/proxy.js', import.meta.url));

export async function connect(url, { answer }) {
  const client = new Client({ name: 'behind-mcp-remote', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, (request) => ({ action: 'accept', content: answer(request.params.message) }));
  const home = mkdtempSync(join(tmpdir(), 'mcp-remote-'));
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [BRIDGE, url, '--allow-http', '--transport', 'http-only'],
      env: { ...process.env, HOME: home, MCP_REMOTE_CONFIG_DIR: home },
      stderr: 'inherit',
    }),
  );
  return {
    list: async () => (await client.listTools()).tools.map((tool) => tool.name),
    call: async (name, args, { progress, signal }) =>
      texts(await client.callTool({ name, arguments: args }, CallToolResultSchema, { onprogress: progress, signal })),
    close: () => client.close(),
  };
}
