// An authorization server as far as Longhaul sees it: metadata, a key, and tokens signed with it.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startIssuer() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] };
  const server = createServer((request, response) => {
    const body = request.url === '/keys' ? keys : { issuer: url, jwks_uri: `${url}/keys` };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    token(audience, scope) {
      const exp = Math.floor(Date.now() / 1000) + 3600;
      const header = { alg: 'RS256', typ: 'at+jwt', kid: 'one' };
      const signed = `${encode(header)}.${encode({ iss: url, sub: 'ann', aud: audience, scope, exp })}`;
      return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
    },
    stop: () => server.close(),
  };
}
