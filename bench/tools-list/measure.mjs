// What tools/list costs: bytes and tokens of each tool, as a running server answers both eras.
// How to call it: see run beside it.
//
// Tokens are counted with js-tiktoken, which brings its vocabularies along.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';
import o200k from 'js-tiktoken/ranks/o200k_base';

const [url = 'http://localhost:8080/mcp', file] = process.argv.slice(2);
const tokenizers = { o200k_base: new Tiktoken(o200k), cl100k_base: new Tiktoken(cl100k) };
const client = { name: 'bench-tools-list', version: '1' };

async function post(version, headers, body) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': version,
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...body }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${body.method}: HTTP ${answer.status} ${text}`);
  return { text, session: answer.headers.get('mcp-session-id') };
}

async function modern() {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': client,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const request = { id: 1, method: 'tools/list', params: { _meta } };
  return (await post('2026-07-28', { 'Mcp-Method': 'tools/list' }, request)).text;
}

async function legacy() {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: client };
  const { session } = await post('2025-11-25', {}, { id: 1, method: 'initialize', params });
  const headers = { 'Mcp-Session-Id': session };
  await post('2025-11-25', headers, { method: 'notifications/initialized' });
  return (await post('2025-11-25', headers, { id: 2, method: 'tools/list', params: {} })).text;
}

function cost(text) {
  const tokens = Object.entries(tokenizers).map(([name, tokenizer]) => [name, tokenizer.encode(text).length]);
  return { bytes: Buffer.byteLength(text), ...Object.fromEntries(tokens) };
}

function costs(answer) {
  const tools = JSON.parse(answer).result.tools.map(tool => [tool.name, cost(JSON.stringify(tool))]);
  return new Map([...tools, ['**the answer**', cost(answer)]]);
}

function table(now, before) {
  const measures = ['bytes', ...Object.keys(tokenizers)];
  const cell = (tool, measure) =>
    before ? `${before.get(tool)?.[measure] ?? '–'} → ${now.get(tool)[measure]}` : now.get(tool)[measure];
  const row = cells => `| ${cells.join(' | ')} |`;
  return [
    row(['tool', ...measures]),
    row(['---', ...measures.map(() => '---:')]),
    ...[...now.keys()].map(tool => row([tool, ...measures.map(measure => cell(tool, measure))])),
  ].join('\n');
}

const answers = { '2026-07-28': await modern(), '2025-11-25': await legacy() };
const earlier = file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
if (file && !earlier) writeFileSync(file, JSON.stringify(answers));
for (const [version, answer] of Object.entries(answers)) {
  console.log(`\n${version}\n\n${table(costs(answer), earlier && costs(earlier[version]))}`);
}
