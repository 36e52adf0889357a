// The official TypeScript server with what BenchThings.java serves, as its documentation builds one on node:http.
// Usage: node typescript.mjs PORT, or stdio instead of the port
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import {
  localhostHostValidation,
  localhostOriginValidation,
  NodeStreamableHTTPServerTransport,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';

const echo = z.object({ text: z.string() });
const named = z.object({ name: z.string() });
const text = value => [{ type: 'text', text: value }];

function server() {
  const mcp = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const name of ['echo', 'queued_echo']) {
    mcp.registerTool(name, { description: 'Gives back a text', inputSchema: echo }, ({ text: said }) => ({
      content: text(said),
    }));
  }
  mcp.registerResource('note', 'bench://note', { mimeType: 'text/plain', description: 'A note' }, uri => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'ping-pong' }],
  }));
  mcp.registerPrompt('greeting', { description: 'Greets', argsSchema: named }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Say hello to ${name}` } }],
  }));
  return mcp;
}

const modern = toNodeHandler(createMcpHandler(server, { maxSubscriptions: 20_000 }));

// Earlier revisions with sessions, as the stock transport has them: cheaper than its stateless way, which makes a server a call.
const sessions = new Map();
async function legacy(request, response) {
  const known = sessions.get(request.headers['mcp-session-id']);
  if (known) return known.handleRequest(request, response);
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: id => void sessions.set(id, transport),
  });
  await server().connect(transport);
  return transport.handleRequest(request, response);
}

function serveHttp(port) {
  const validHost = localhostHostValidation();
  const validOrigin = localhostOriginValidation();
  createServer((request, response) => {
    if (!validHost(request, response) || !validOrigin(request, response)) return;
    void (request.headers['mcp-protocol-version'] === '2026-07-28' ? modern : legacy)(request, response);
  }).listen(port, '127.0.0.1');
}

if (process.argv[2] === 'stdio') serveStdio(server);
else serveHttp(Number(process.argv[2]));
