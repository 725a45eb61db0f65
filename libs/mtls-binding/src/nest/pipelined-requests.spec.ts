import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessTokenOf, clientCertificateOf } from '../index.js';
import { GuardStage } from './guard-stage.testing.js';
import { ADAPTERS } from './guarded-app.testing.js';

let stage: GuardStage;
beforeAll(async () => void (stage = await GuardStage.create()));
afterAll(() => stage.close());

/** Sends them all at once over one connection, and resolves with the bodies of the answers in their order. */
async function pipelined(port: number, requests: readonly string[]): Promise<unknown[]> {
  const { chainPem: cert, privateKeyPem: key } = stage.alice;
  const socket = connect({ host: 'localhost', port, ca: stage.authority.certificatePem, cert, key });
  await once(socket, 'secureConnect');
  socket.write(requests.join(''));
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return [...text.matchAll(/\r\n\r\n(\{.*?\})/g)].map(([, body]) => JSON.parse(body!) as unknown);
}

describe.each(ADAPTERS)('on %s', (adapter) => {
  it('R5: each of many requests on one connection is told its own token, whether seen before or not', async () => {
    const port = await stage.start(stage.options(), adapter);
    const clients = Array.from({ length: 24 }, (_, at) => `cli_${at % 3}`);
    const tokens = new Map<string, string>();
    for (const client_id of clients) tokens.set(client_id, await stage.tokenFor(stage.alice, { client_id }));
    const requests = clients.map((client, at) => {
      const close = at === clients.length - 1 ? 'Connection: close\r\n' : '';
      return `GET /token HTTP/1.1\r\nHost: api.test\r\nAuthorization: Bearer ${tokens.get(client)}\r\n${close}\r\n`;
    });
    const expected = clients.map((client) => ({ client, bound: true }));
    expect(await pipelined(port, requests)).toEqual(expected);
    expect(await pipelined(port, requests)).toEqual(expected);
  });
});

it.each([
  ['an object that is no request', {}],
  ['a request that no guard saw', { rawHeaders: ['Authorization', 'Bearer t'] }],
])('nothing is known of %s', (_, request) => {
  expect([accessTokenOf(request), clientCertificateOf(request)]).toEqual([undefined, undefined]);
});
