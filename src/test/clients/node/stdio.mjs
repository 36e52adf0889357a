// The transport of clients that only start a command: the relay to the server at the URL.
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { join } from 'node:path';

const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';

export const relay = (url) =>
  new StdioClientTransport({
    command: JAVA,
    args: ['-XX:TieredStopAtLevel=1', '-Xmx64m', '-jar', process.env.LONGHAUL_JAR, 'stdio', '--url', url],
    env: { ...process.env },
    stderr: 'ignore',
  });
