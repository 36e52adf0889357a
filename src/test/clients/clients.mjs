// The clients that are tried; `run` installs what their commands name, under target/clients.
import { fileURLToPath } from 'node:url';

const WORK = process.env.CLIENT_WORK ?? fileURLToPath(new URL('../../../target/clients', import.meta.url));
const JAVA = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java';

// What comes of each step where nothing else is said: the status, or those between which timing decides. A call of
// 70 s is longer than the 50 s that calls are held, and a client without tasks gets the operation to go on with. When
// the server dies the client says so, and the same call made again goes on with the work.
const USUAL = {
  list: 'ok',
  quick: 'ok',
  progress: 'ok',
  cancel: 'ok',
  question: 'ok',
  large: 'ok',
  slow: 'handed-over',
  crash: 'failed',
  repeat: ['ok', 'handed-over'],
};
// Resumes its stream: the answer arrives if the server is back in time.
const RESUMES = { crash: ['ok', 'handed-over', 'failed'] };
// Knows its task, which it could go on with: the same call made again is one of its own.
const TASKS = { slow: 'ok', repeat: 'anew' };
// cannot says by step what the library has no way to do, and why; expected, what comes out otherwise than usual.
const client = (id, name, { expected, cannot = {}, ...rest }) => {
  const unable = Object.keys(cannot).map((step) => [step, 'unable']);
  const all = { ...USUAL, ...expected, ...Object.fromEntries(unable) };
  return {
    id,
    name,
    cannot,
    expected: Object.fromEntries(Object.entries(all).map(([step, status]) => [step, [status].flat()])),
    ...rest,
  };
};

const node = (id, name, adapter, more) => client(id, name, { command: [process.execPath, 'node/driver.mjs', adapter], ...more });
const python = (id, name, adapter, environment, more) =>
  client(id, name, {
    command: [`${WORK}/python/${environment}/bin/python`, 'python/driver.py', adapter],
    ...more,
  });
const java = (id, name, module, main, more) =>
  client(id, name, {
    command: [
      JAVA,
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xmx192m',
      '-cp',
      `java/${module}/target/classes:java/${module}/target/lib/*`,
      `com.example.clients.${main}`,
    ],
    ...more,
  });
const go = (id, name, adapter, more) => client(id, name, { command: [`${WORK}/go/driver`, adapter], ...more });

// Only with CLIENT_STDIO=1: each has a process of Java more than the others.
const BY_STDIO = { byDefault: process.env.CLIENT_STDIO === '1' };

// Why a step cannot be tried.
const PROGRESS = 'its tools report none';
const QUESTION = 'it does not declare elicitation, nor take a handler';
const CANCEL = 'a call can be abandoned, which nothing tells the server';
const NO_CANCEL = 'its calls take no way to stop them';

export const clients = [
  node('ts-sdk1', 'TypeScript `@modelcontextprotocol/sdk` 1.32.2', 'sdk1', { expected: RESUMES }),
  node('ts-client2', 'TypeScript `@modelcontextprotocol/client` 2.4.0', 'client2-legacy', { expected: RESUMES }),
  node('ts-client2-modern', 'the same on 2026-07-28', 'client2-modern'),
  node('ext-tasks', '`@modelcontextprotocol/ext-tasks` 0.2.2', 'ext-tasks', { expected: TASKS }),
  node('ext-tasks-modern', 'the same with 2026-07-28', 'ext-tasks-modern', { expected: TASKS }),
  node('ai-sdk', 'AI SDK `@ai-sdk/mcp` 2.0.99', 'ai-sdk', { cannot: { progress: PROGRESS } }),
  node('mastra', 'Mastra `@mastra/mcp` 2.0.0', 'mastra'),
  node('langchain-js', '`@langchain/mcp-adapters` 1.1.4', 'langchain', { expected: RESUMES, cannot: { question: QUESTION } }),
  node('mcp-remote', '`mcp-remote` 0.15.1', 'mcp-remote', { expected: RESUMES }),
  node('inspector', 'MCP Inspector 2.12.0, command line', 'inspector', {
    expected: RESUMES,
    cannot: {
      progress: 'a request is a process that prints its result alone',
      cancel: 'the process ends, which nothing tells the server',
      question: 'it asks nobody',
    },
  }),
  java('java-sdk', 'Java SDK 2.2.0, package `client`', 'sdk', 'SdkTrial', { cannot: { cancel: CANCEL } }),
  java('java-sdk-modern', 'Java SDK 2.2.0, package `modern.client`', 'sdk', 'ModernSdkTrial'),
  java('langchain4j', 'LangChain4j `langchain4j-mcp` 1.18.1-beta28', 'langchain4j', 'LangChain4jTrial', {
    cannot: { cancel: 'only its own time-out cancels a call', question: QUESTION },
  }),
  java('spring-ai', 'Spring AI 2.0.1', 'spring-ai', 'SpringAiTrial', { cannot: { cancel: NO_CANCEL } }),
  python('py-mcp2', 'Python `mcp` 2.3.0', 'mcp2', 'mcp2'),
  python('py-mcp1', 'Python `mcp` 1.30.0', 'mcp1', 'mcp1', { expected: RESUMES, cannot: { cancel: CANCEL } }),
  python('fastmcp', 'FastMCP 4.1.4', 'fastmcp4', 'fastmcp'),
  python('fastmcp-tasks', 'FastMCP 4.1.4 with `fastmcp-tasks` 4.1.4', 'fastmcp4_tasks', 'fastmcp', {
    expected: TASKS,
    cannot: { progress: 'it polls its task and tells no handler', cancel: 'an abandoned call leaves its task as it is' },
  }),
  python('pydantic-ai', 'Pydantic AI 2.68', 'pydantic_ai', 'pydantic'),
  // What was learnt of its patience is not to be mixed up with what others did that are called `mcp` too.
  python('openai-agents', 'OpenAI Agents SDK 0.24', 'openai_agents', 'agents', {
    alone: true,
    cannot: { progress: PROGRESS, question: QUESTION },
  }),
  python('langchain-py', '`langchain-mcp-adapters` 0.3.2', 'langchain', 'langchain', {
    expected: RESUMES,
    cannot: { cancel: CANCEL },
  }),
  python('semantic-kernel', 'Semantic Kernel 1.45', 'semantic_kernel', 'sk', {
    expected: RESUMES,
    cannot: { progress: PROGRESS, cancel: CANCEL, question: QUESTION },
  }),
  python('autogen', 'AutoGen `autogen-ext` 0.7.5', 'autogen', 'autogen', {
    expected: RESUMES,
    cannot: { progress: PROGRESS, cancel: CANCEL, question: QUESTION },
  }),
  python('strands', 'Strands Agents 1.62', 'strands', 'strands'),
  python('strands-tasks', 'Strands Agents 1.62 with tasks', 'strands_tasks', 'strands', {
    expected: TASKS,
    cannot: { progress: 'with tasks its callbacks are not called' },
  }),
  go('go-sdk', 'Go `go-sdk` 1.8.0', 'go-sdk'),
  go('mcp-go', 'Go `mcp-go` 1.2.1', 'mcp-go'),
  // By the command `stdio`, whose relay resumes the streams of earlier revisions whatever its client can.
  node('ts-client2-stdio', 'TypeScript `@modelcontextprotocol/client` 2.4.0 by `stdio`', 'client2-stdio', { ...BY_STDIO, expected: RESUMES }),
  node('ts-client2-modern-stdio', 'the same on 2026-07-28 by `stdio`', 'client2-modern-stdio', BY_STDIO),
  python('py-mcp2-stdio', 'Python `mcp` 2.3.0 by `stdio`', 'mcp2_stdio', 'mcp2', BY_STDIO),
  python('py-mcp1-stdio', 'Python `mcp` 1.30.0 by `stdio`', 'mcp1_stdio', 'mcp1', {
    ...BY_STDIO,
    expected: RESUMES,
    cannot: { cancel: CANCEL },
  }),
  client('rmcp', 'Rust `rmcp` 3.11.0', {
    command: [`${WORK}/rust/debug/driver`],
    byDefault: process.env.CLIENT_RUST === '1',
    expected: RESUMES,
  }),
];
