// How long readiness takes while twice as many tools compute as there are processors, as jobs and again inline.
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './requests.mjs';
import { load } from './load.mjs';

/** Asks a server again and again, for some seconds; returns how many tools computed, and the times in ms. */
export async function computing(server, seconds) {
  const tools = 2 * availableParallelism();
  const longest = { seconds: seconds + 60 }; // they end with the server
  const at = `http://127.0.0.1:${server.port}`;
  const job = async (path, options) => {
    const answer = await fetch(`${at}/api/v1/jobs${path}`, options);
    const body = await answer.json();
    if (!answer.ok) throw new Error(`status ${answer.status}: ${JSON.stringify(body).slice(0, 400)}`);
    return body;
  };
  const readiness = async () => {
    const from = performance.now();
    const answer = await fetch(`${at}/actuator/health/readiness`);
    await answer.text();
    if (answer.status !== 200) throw new Error(`readiness: status ${answer.status}`);
    return performance.now() - from;
  };

  // It takes requests a moment before it says that it is ready.
  for (let tries = 0; (await fetch(`${at}/actuator/health/readiness`)).status !== 200; tries++) {
    if (tries > 300) throw new Error('the server does not become ready');
    await sleep(100);
  }
  for (let i = 0; i < 200; i++) await readiness(); // warms up
  let ended = 0;
  const inline = { next: () => ({ bytes: call(server.port, 'compute_inline', longest), holds: 'done' }) };
  for (let i = 0; i < tools; i++) load(server.port, [inline], 1).then(() => ended++, () => ended++);
  const body = JSON.stringify({ tool: 'compute', arguments: longest });
  const queued = [];
  for (let i = 0; i < tools; i++) {
    queued.push((await job('', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).id);
  }
  const running = async () => (await Promise.all(queued.map(id => job(`/${id}`)))).filter(one => one.state === 'running').length;
  for (let tries = 0; (await running()) < tools; tries++) {
    if (tries > 300) throw new Error('the jobs do not all run');
    await sleep(100);
  }

  const taken = [];
  for (const until = performance.now() + seconds * 1000; performance.now() < until; await sleep(25)) taken.push(await readiness());
  if (ended > 0 || (await running()) < tools) throw new Error('not all tools computed all the time');
  taken.sort((a, b) => a - b);
  return { tools, seconds, p50: taken[taken.length >> 1], p99: taken[Math.floor(taken.length * 0.99)] };
}
