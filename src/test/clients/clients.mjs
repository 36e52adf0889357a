// The clients that are tried; `run` installs what their commands name, under target/clients.
import { fileURLToPath } from 'node:url';

const WORK = process.env.CLIENT_WORK ?? fileURLToPath(new URL('../../../target/clients', import.meta.url));

const node = (id, name, adapter) => ({ id, name, command: [process.execPath, 'node/driver.mjs', adapter] });
const python = (id, name, adapter, environment) => ({
  id,
  name,
  command: [`${WORK}/python/${environment}/bin/python`, 'python/driver.py', adapter],
  env: { PYTHONDONTWRITEBYTECODE: '1' },
});

export const clients = [
  node('ts-sdk1', 'TypeScript `@modelcontextprotocol/sdk` 1.32.2', 'sdk1'),
  node('ts-client2', 'TypeScript `@modelcontextprotocol/client` 2.4.0', 'client2-legacy'),
  node('ts-client2-modern', 'the same on 2026-07-28', 'client2-modern'),
  node('ext-tasks', '`@modelcontextprotocol/ext-tasks` 0.2.2', 'ext-tasks'),
  node('ai-sdk', 'AI SDK `@ai-sdk/mcp` 2.0.99', 'ai-sdk'),
  node('mastra', 'Mastra `@mastra/mcp` 2.0.0', 'mastra'),
  node('langchain-js', '`@langchain/mcp-adapters` 1.1.4', 'langchain'),
  node('mcp-remote', '`mcp-remote` 0.15.1', 'mcp-remote'),
  node('inspector', 'MCP Inspector 2.12.0, command line', 'inspector'),
  python('py-mcp2', 'Python `mcp` 2.3.0', 'mcp2', 'mcp2'),
  python('py-mcp1', 'Python `mcp` 1.30.0', 'mcp1', 'mcp1'),
  python('fastmcp', 'FastMCP 4.1.4', 'fastmcp4', 'fastmcp'),
  python('fastmcp-tasks', 'FastMCP 4.1.4 with `fastmcp-tasks` 4.1.4', 'fastmcp4_tasks', 'fastmcp'),
  python('pydantic-ai', 'Pydantic AI 2.68', 'pydantic_ai', 'pydantic'),
  python('openai-agents', 'OpenAI Agents SDK 0.24', 'openai_agents', 'agents'),
  python('langchain-py', '`langchain-mcp-adapters` 0.3.2', 'langchain', 'langchain'),
  python('semantic-kernel', 'Semantic Kernel 1.45', 'semantic_kernel', 'sk'),
  python('autogen', 'AutoGen `autogen-ext` 0.7.5', 'autogen', 'autogen'),
  python('strands', 'Strands Agents 1.62', 'strands', 'strands'),
];
