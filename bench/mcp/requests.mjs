// What is sent: whole HTTP requests as bytes, built once, in which only the id changes.
const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';
const P = 'io.modelcontextprotocol/';

/** What each scenario sends, and what a right answer holds. */
const SCENARIOS = {
  inline: { method: 'tools/call', params: { name: 'echo', arguments: { text: 'ping-pong' } }, holds: 'ping-pong' },
  queued: { method: 'tools/call', params: { name: 'queued_echo', arguments: { text: 'ping-pong' } }, holds: 'ping-pong' },
  // The client takes tasks: a server that makes one is asked for its result.
  task: { method: 'tools/call', params: { name: 'queued_echo', arguments: { text: 'ping-pong' } }, holds: 'ping-pong', tasks: true },
  report: { method: 'tools/call', params: { name: 'report', arguments: { count: 1_000 }, _meta: { progressToken: 'p' } }, holds: 'reported 1000' },
  'report as a task': { method: 'tools/call', params: { name: 'report', arguments: { count: 1_000 } }, holds: 'reported 1000', tasks: true },
  resource: { method: 'resources/read', params: { uri: 'bench://note' }, holds: 'ping-pong' },
  prompt: { method: 'prompts/get', params: { name: 'greeting', arguments: { name: 'ping-pong' } }, holds: 'ping-pong' },
};

// Of 20 requests, as a client with a tool or two, its prompt and its resources might send them.
const MIX = 'inline inline resource inline queued inline inline prompt inline resource inline inline queued inline resource inline inline prompt queued inline'.split(' ');
const MIXES = { mixed: MIX, 'mixed, its inline share': MIX.filter(name => name !== 'queued') };

/** Which part of the mix is durable where there is a queue. */
export const DURABLE_SHARE = MIX.filter(name => name === 'queued').length / MIX.length;

function http(port, headers, body) {
  const payload = Buffer.from(JSON.stringify(body));
  const head = [
    'POST /mcp HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Content-Length: ${payload.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), payload]);
}

// Always seven digits, so that a new id changes nothing else.
const FIRST_ID = 1_000_000;

function message({ method, params }) {
  return { jsonrpc: '2.0', id: FIRST_ID, method, params };
}

function modern(port, scenario) {
  const body = message(scenario);
  body.params = {
    ...body.params,
    _meta: {
      ...body.params._meta,
      [`${P}protocolVersion`]: MODERN,
      [`${P}clientCapabilities`]: scenario.tasks ? { extensions: { [`${P}tasks`]: {} } } : {},
      [`${P}clientInfo`]: { name: 'bench', version: '1' },
    },
  };
  const name = body.params.name ?? body.params.uri ?? body.params.taskId;
  const headers = { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': body.method };
  return http(port, name === undefined ? headers : { ...headers, 'Mcp-Name': name }, body);
}

function legacy(port, scenario, session) {
  const headers = { 'MCP-Protocol-Version': LEGACY, ...(session ? { 'Mcp-Session-Id': session } : {}) };
  return http(port, headers, message(scenario));
}

/** The request for a task that is not finished as far as that answer says, or undefined. */
export function followTask(port, body) {
  if (!body.includes('"status":"working"')) return undefined;
  const taskId = /"taskId":"([^"]+)"/.exec(body)[1];
  return modern(port, { method: 'tasks/get', params: { taskId }, tasks: true });
}

/** Gives the bytes of the i-th request. */
class Source {
  #scenarios;

  constructor(port, build, names) {
    this.#scenarios = names.map(kind => {
      const bytes = build(SCENARIOS[kind]);
      const follow = SCENARIOS[kind].tasks ? body => followTask(port, body) : undefined;
      return { kind, bytes, at: bytes.indexOf(String(FIRST_ID), bytes.indexOf('\r\n\r\n')), holds: SCENARIOS[kind].holds, follow };
    });
  }

  next(i) {
    const one = this.#scenarios[i % this.#scenarios.length];
    const bytes = Buffer.from(one.bytes);
    bytes.write(String(FIRST_ID + (i % FIRST_ID)), one.at, 'latin1');
    return { ...one, bytes };
  }
}

export const source = (port, era, scenario, session) =>
  new Source(port, one => (era === 'modern' ? modern(port, one) : legacy(port, one, session)), MIXES[scenario] ?? [scenario]);

/** Calls of a tool that does what echo does. */
export const callsOf = (port, tool) => new Source(port, one => modern(port, { ...one, params: { ...one.params, name: tool } }), ['inline']);

/** Begins a legacy session where the server has sessions; gives its id, or null. */
export async function initialize(port) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
  const url = `http://127.0.0.1:${port}/mcp`;
  const params = { protocolVersion: LEGACY, capabilities: {}, clientInfo: { name: 'bench', version: '1' } };
  const answer = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
  });
  await answer.text();
  const session = answer.headers.get('mcp-session-id');
  const told = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'MCP-Protocol-Version': LEGACY, ...(session ? { 'Mcp-Session-Id': session } : {}) },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
  });
  await told.text();
  return session;
}

/** One call of a tool; with tasks by a client that takes them. */
export const call = (port, name, args, tasks = false) => modern(port, { method: 'tools/call', params: { name, arguments: args }, tasks });

/** A stream that stays open. */
export function listen(port) {
  return modern(port, { method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true } } });
}
