import { Readable } from 'node:stream';
import { mintCertificate, mintCrl, type Minted } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry } from '../registry.testing.js';
import { Scene, startListServer, type ListServer } from './crls.testing.js';

const HOUR = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms);

let scene: Scene;
let server: ListServer;
let root: Minted;
let anchor: string;
let number = 0;

beforeAll(async () => {
  scene = new Scene(await startRegistry());
  server = await startListServer();
});
beforeEach(async () => {
  root = await mintCertificate({ subject: `CN=Partner Root ${++number}`, authority: true });
  anchor = await scene.anchor(root);
});
afterAll(async () => {
  await server?.stop();
  await scene?.registry.stop();
});

const pemOf = (der: Buffer) =>
  `-----BEGIN X509 CRL-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END X509 CRL-----\n`;
const path = () => `/v1/trust-anchors/${anchor}/crls`;
const send = (json: object) => scene.registry.post(path(), json);

describe('a list that somebody brings', () => {
  it('is taken as PEM and DER, in JSON and as it is, and shown', async () => {
    const der = mintCrl({ issuer: root, number: 26, revoked: [{ serial: '77' }] });
    const raw = { type: 'application/pkix-crl', text: Buffer.from(pemOf(der)) };
    const shown = {
      trust_anchor_id: anchor,
      uri: null,
      freshness: 'fresh',
      number: '1a',
      entries: 1,
      failures: 0,
      last_error: null,
      issuer_dn: `CN=Partner Root ${number}`,
    };
    for (const answer of [
      await send({ pem: pemOf(der) }),
      await send({ der: der.toString('base64') }),
      await scene.bring(anchor, der),
      await scene.registry.call(path(), { method: 'POST', raw }),
    ]) {
      expect(answer).toMatchObject({ status: 201, body: shown });
    }
    expect(await scene.lists(anchor)).toMatchObject([shown]);
    expect((await scene.read(`/v1/trust-anchors/${anchor}`)).crls).toMatchObject([shown]);
    expect((await scene.read('/v1/trust-anchors?limit=200')).items.at(-1).crls).toMatchObject([shown]);
  });

  it('can be tried', async () => {
    const answer = await scene.bring(anchor, mintCrl({ issuer: root }), '?dry_run=true');
    expect(answer).toMatchObject({ status: 201, headers: { 'x-dry-run': 'true' } });
    expect(await scene.lists(anchor)).toEqual([]);
  });

  it('takes the place of the one before, and gives way to a later one that is fetched', async () => {
    for (const hours of [4, 3])
      await scene.bring(anchor, mintCrl({ issuer: root, number: 10 - hours, thisUpdate: ago(hours * HOUR) }));
    expect(await scene.lists(anchor)).toMatchObject([{ number: '07' }]);
    const uri = server.publish(`/${number}.crl`, mintCrl({ issuer: root, number: 8, thisUpdate: ago(2 * HOUR) }));
    await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_uris: [uri] }, 1);
    await scene.ask(anchor);
    expect(await scene.lists(anchor)).toMatchObject([{ number: '08', uri }]);
  });

  it.each<[string, number, string, () => Promise<object> | object]>([
    ['no list', 400, 'crl_malformed', () => ({ pem: root.certificatePem })],
    ['something else than base64', 400, 'invalid_request', () => ({ der: '{}' })],
    ['both', 400, 'invalid_request', () => ({ pem: 'x', der: 'x' })],
    ['a private key', 400, 'private_key_in_request', () => ({ pem: root.privateKeyPem })],
    [
      'a private key in base64',
      400,
      'private_key_in_request',
      () => ({ der: Buffer.from(root.privateKeyPem).toString('base64') }),
    ],
    ['a forged one', 422, 'crl_refused', () => ({ pem: pemOf(mintCrl({ issuer: root, forged: true })) })],
    [
      'a stranger’s',
      422,
      'crl_refused',
      async () => ({
        pem: pemOf(mintCrl({ issuer: await mintCertificate({ subject: 'CN=X', authority: true }) })),
      }),
    ],
  ])('%s is refused', async (_, status, code, make) => {
    expect(await send(await make())).toMatchObject({ status, body: { code } });
    expect(await scene.lists(anchor)).toEqual([]);
  });

  it('may not be larger than the limit, and without a token not larger than anything else', async () => {
    expect(await scene.bring(anchor, Buffer.alloc(64 * 1024 + 1))).toMatchObject({
      status: 413,
      body: { code: 'body_too_large' },
    });
    const raw = { type: 'application/pkix-crl', text: Buffer.alloc(1_000) };
    expect(await scene.registry.call(path(), { method: 'POST', raw, token: null })).toMatchObject({ status: 401 });
    expect(await scene.registry.call('/v1/partners', { method: 'POST', raw })).toMatchObject({ status: 400 });
  });

  it('T9: a caller who may not send one is refused before it is read', async () => {
    const refused = async (token: string | null) => {
      const endless = new Readable({ read: () => undefined });
      endless.push('0');
      const raw = { type: 'application/pkix-crl', text: endless as unknown as Buffer };
      return (await scene.registry.call(path(), { method: 'POST', raw, token })).status;
    };
    expect(await refused(null)).toBe(401);
    expect(await refused(await scene.registry.tokenWith('registry:trust-anchors:read'))).toBe(403);
  });

  it('is not taken for a retired anchor, an unknown one, or without the scope', async () => {
    const der = mintCrl({ issuer: root });
    const token = await scene.registry.tokenWith('registry:trust-anchors:read');
    const raw = { type: 'application/pkix-crl', text: der };
    expect(await scene.registry.call(path(), { method: 'POST', raw, token })).toMatchObject({ status: 403 });
    expect((await scene.registry.call(path(), { token })).status).toBe(200);
    await scene.registry.act(`/v1/trust-anchors/${anchor}/retire`, { reason: 'Replaced' });
    expect((await scene.bring(anchor, der)).body.code).toBe('invalid_transition');
    expect((await scene.bring(`anc_${'0'.repeat(32)}`, der)).status).toBe(404);
    expect((await scene.registry.call(`/v1/trust-anchors/anc_${'0'.repeat(32)}/crls`)).status).toBe(404);
  });
});

describe('the places of lists', () => {
  it.each([
    ['another scheme', ['ftp://crl.example/x']],
    ['a password', ['http://user:secret@crl.example/x']],
    ['a fragment', ['http://crl.example/x#y']],
    ['no host', ['http://']],
    ['the same twice', ['http://crl.example/x', 'http://crl.example/x']],
    ['too many', Array.from({ length: 9 }, (_, at) => `http://crl.example/${at}`)],
  ])('with %s are refused', async (_, crl_uris) => {
    const patched = await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_uris }, 1);
    expect(patched).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('are asked at once, and what they brought stays when they go', async () => {
    const uri = server.publish(`/${number}.crl`, mintCrl({ issuer: root, number: 5 }));
    const patched = await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_uris: [uri] }, 1);
    expect(patched.body).toMatchObject({ crl_uris: [uri], crls: [{ uri, freshness: 'missing' }] });
    await scene.eventually(async () => expect(await scene.lists(anchor)).toMatchObject([{ uri, number: '05' }]));
    await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_uris: [] }, 2);
    expect(await scene.lists(anchor)).toMatchObject([{ uri: null, number: '05' }]);
  });

  it('cannot make a list forgotten by bringing another authority’s, and then replay an older one', async () => {
    const issuing = await mintCertificate({ subject: `CN=Issuing ${number}`, authority: true, issuer: root });
    const partner = await scene.partner();
    const own = await scene.anchor(root, { partner_id: partner });
    anchor = own;
    const client = await scene.client(partner, [own]);
    expect((await scene.upload(client, await scene.leaf(issuing), issuing)).status).toBe(201);
    const at = `/${number}.crl`;
    const uri = server.publish(at, mintCrl({ issuer: root, number: 5 }));
    await scene.registry.patch(`/v1/trust-anchors/${own}`, { crl_uris: [uri] }, 1);
    await scene.ask(own);
    server.publish(at, mintCrl({ issuer: issuing, number: 1 }));
    await scene.ask(own);
    expect((await scene.lists(own)).map((list) => [list.uri, list.issuer_dn, list.number])).toEqual([
      [uri, `CN=Issuing ${number}`, '01'],
      [null, `CN=Partner Root ${number}`, '05'],
    ]);
    server.publish(at, mintCrl({ issuer: root, number: 4, thisUpdate: ago(2 * HOUR) }));
    await scene.ask(own);
    expect((await scene.lists(own))[0].last_error).toMatch(/^older: /);
  });

  it('inside the network are asked only where that was allowed', async () => {
    await scene.registry.patch(`/v1/trust-anchors/${anchor}`, { crl_uris: ['http://10.0.0.1/x', 'http://[::1]/x'] }, 1);
    await scene.ask(anchor);
    for (const list of await scene.lists(anchor)) expect(list.last_error).toMatch(/^address_forbidden: /);
  });
});
