// A page of another origin in Debian's Chromium uses all front doors, with an access token that it sends itself.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Server } from '../typescript/server.mjs';
import { startIssuer } from './issuer.mjs';

const CHROMIUM = process.env.CHROMIUM ?? 'chromium';
const PUBLIC = 'https://jobs.example.com';
const page = readFileSync(new URL('page.html', import.meta.url));

let issuer;
let server;

before(async () => {
  issuer = await startIssuer();
  server = await Server.start({
    LONGHAUL_SECURITY_OAUTH_ISSUER: issuer.url,
    LONGHAUL_SECURITY_OAUTH_SCOPES: 'longhaul:call',
    LONGHAUL_MCP_PUBLICURL: PUBLIC,
    LONGHAUL_HTTP_ALLOWEDORIGINS: 'http://localhost:*',
  });
});

after(async () => {
  issuer?.stop();
  await server?.stop();
});

/** Removes a profile. Chromium's helper processes may write to it for some time after the browser itself has ended. */
async function remove(profile) {
  for (let tries = 1; ; tries++) {
    try {
      return rmSync(profile, { recursive: true, force: true });
    } catch (e) {
      if (tries === 300) throw e;
      await setTimeout(100);
    }
  }
}

/** What the page at this host, which is another origin than the server's, comes to. */
async function visit(host) {
  const settings = { server: server.url.origin, token: issuer.token(`${PUBLIC}/mcp`, 'longhaul:call') };
  const outcome = Promise.withResolvers();
  const site = createServer(async (request, response) => {
    if (request.url === '/settings') {
      response.end(JSON.stringify(settings));
    } else if (request.url === '/outcome') {
      let body = '';
      for await (const part of request) body += part;
      response.end();
      outcome.resolve(JSON.parse(body));
    } else {
      response.setHeader('Content-Type', 'text/html').end(request.url === '/' ? page : '');
    }
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const profile = mkdtempSync(join(tmpdir(), 'longhaul-chromium-'));
  const chromium = spawn(
    CHROMIUM,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-port=0', // else it ends as soon as the page is loaded
      `--user-data-dir=${profile}`,
      `http://${host}:${site.address().port}/`,
    ],
    { stdio: 'ignore' },
  );
  const exited = once(chromium, 'exit');
  exited.then(() => outcome.reject(new Error('Chromium ended without an outcome')), outcome.reject);
  try {
    return await outcome.promise;
  } finally {
    chromium.kill('SIGTERM');
    await exited.catch(() => {});
    site.closeAllConnections();
    site.close();
    await remove(profile);
  }
}

test('a page of an allowed origin uses MCP in both eras, REST and SSE', async () => {
  const seen = await visit('localhost');

  assert.equal(seen.withoutToken.status, 401);
  assert.match(seen.withoutToken.challenge, /resource_metadata="https:\/\/jobs\.example\.com/);
  assert.equal(seen.metadata, `${PUBLIC}/mcp`);
  assert.equal(seen.initialize, 'longhaul', JSON.stringify(seen));
  assert.ok(seen.list.includes('profile_dataset'), JSON.stringify(seen.list));
  assert.match(seen.call, /2 rows/);
  assert.equal(seen.leave, 204);
  assert.match(seen.modernCall, /2 rows/);
  assert.deepEqual(seen.rest, { status: 202, state: 'completed' });
  assert.deepEqual(seen.error, { status: 404, type: 'urn:longhaul:problem:unknown-job' });
  assert.match(seen.sse, /sessionId=/);
});

test('a page of an origin that is not allowed reaches nothing', async () => {
  const seen = await visit('127.0.0.1');

  for (const [step, outcome] of Object.entries(seen)) assert.match(String(outcome), /failed/, step);
});
