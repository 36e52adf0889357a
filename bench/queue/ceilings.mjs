// What Redis itself can do here, by redis-benchmark: 50 connections, one command in flight on each.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PAYLOAD = 'x'.repeat(200);
// Stores a job of 200 bytes and puts it in line: the least that any queue of this kind must do.
const STORE = `redis.call('HSET', KEYS[1], 'data', ARGV[2]) redis.call('LPUSH', KEYS[2], ARGV[1])`;

/** Commands a second; not a number where there is no redis-benchmark. */
async function rate(port, count, ...command) {
  const { stdout } = await run('redis-benchmark', [
    '-p', String(port), '-n', String(count), '-c', '50', '-r', '1000000', '--csv', ...command,
  ]).catch(error => {
    if (error.code === 'ENOENT') return { stdout: '"","NaN"' };
    throw error;
  });
  const row = stdout.trim().split('\n').at(-1);
  return Number(row.split('","')[1].replace(/"/g, ''));
}

export async function ceilings(server, count) {
  const sha = await server.client.script('LOAD', STORE);
  const id = '__rand_int__';
  const rates = {
    LPUSH: await rate(server.port, count, 'LPUSH', 'raw:list', PAYLOAD),
    HSET: await rate(server.port, count, 'HSET', `raw:${id}`, 'data', PAYLOAD),
    EVALSHA: await rate(server.port, count, 'EVALSHA', sha, '2', `raw:${id}`, 'raw:list', id, PAYLOAD),
  };
  await server.settle();
  return rates;
}
