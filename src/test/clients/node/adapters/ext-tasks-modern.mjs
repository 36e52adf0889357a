// The same with the tasks of 2026-07-28, for which a host sends the requests itself.
import * as legacy from './ext-tasks.mjs';

const protocolVersion = '2026-07-28';
const clientInfo = { name: 'ext-tasks-modern-trial', version: '1.0.0' };
const clientCapabilities = { elicitation: { form: {} }, extensions: { 'io.modelcontextprotocol/tasks': {} } };

export async function connect(url, hooks) {
  let id = 0;

  async function rawDispatch({ method, params }, { signal } = {}) {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': protocolVersion,
        'Mcp-Method': method,
        'Mcp-Name': params.name ?? params.taskId,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: `raw-${id++}`, method, params }),
      signal,
    });
    const body = await response.text();
    const last = response.headers.get('content-type').startsWith('text/event-stream')
      ? body.split('\n').filter((line) => line.startsWith('data:')).at(-1).slice(5)
      : body;
    const { result, error } = JSON.parse(last);
    return error ? { kind: 'error', error } : { kind: 'result', result };
  }

  return legacy.connect(
    url,
    hooks,
    { versionNegotiation: { mode: { pin: protocolVersion } } },
    { rawDispatch, v2RequestFraming: { protocolVersion, clientInfo, clientCapabilities } },
  );
}
