import { webcrypto } from 'node:crypto';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

const FOLLOWS = 'revocations:read';
const NEEDED = { status: 409, body: { code: 'registry_client_needed' } };
const DONE = { status: 200 };

let registry: TestRegistry;
let itself: string;
let platform: string;
let anchor: string;
let stranger: Authority;

beforeAll(async () => {
  registry = await startRegistry();
  itself = registry.registryClientId;
  platform = (await read(`/v1/clients/${itself}`)).partner_id;
  // Otherwise the last operator would be what the platform's own partner is needed for.
  const { id: elsewhere } = await made('/v1/partners', { slug: 'operations', legal_name: 'Operations' });
  expect(await act(`/v1/partners/${elsewhere}/activate`)).toMatchObject(DONE);
  await newClient({ partner: elsewhere, audience: AUDIENCE, scope: 'registry:operators:write' });
  stranger = await createAuthority({ name: 'Of somebody else' });
  anchor = (await made('/v1/trust-anchors', { name: 'Else', pem: stranger.certificatePem })).id;
});

afterAll(() => registry?.stop());

const read = async (path: string) => (await registry.call(path)).body;
const act = (path: string, reason = 'unspecified') => registry.act(path, { reason });

async function made(path: string, json: object) {
  const { status, body } = await registry.post(path, json);
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(201);
  return body;
}

interface ClientRequest {
  partner?: string;
  audience?: string;
  scope?: string;
  issued?: Issued;
}

/** An active client; unless told otherwise another API that follows the revocations. */
async function newClient(request: ClientRequest = {}): Promise<string> {
  const { partner = platform, audience = registry.issuer.issuer, scope = FOLLOWS } = request;
  const environment = 'production';
  const { id } = await made('/v1/clients', { partner_id: partner, client_name: 'Another', environment });
  const issued = request.issued ?? (await registry.authority.issueClient({ subject: `CN=${id}` }));
  await made(`/v1/clients/${id}/certificates`, { pem: issued.certificatePem });
  await made(`/v1/clients/${id}/scopes`, { audience, scopes: [scope] });
  expect(await act(`/v1/clients/${id}/activate`)).toMatchObject(DONE);
  return id;
}

async function certificateOf(client: string, status = 'active'): Promise<string> {
  const certificates = (await read(`/v1/clients/${client}/certificates?limit=200`)).items;
  return certificates.findLast((certificate: { status: string }) => certificate.status === status).id;
}

const grantOf = async (client: string) =>
  (await read(`/v1/grants?client_id=${client}`)).items.find(({ scope }: { scope: string }) => scope === FOLLOWS).id;

const nextCertificate = async (client: string, fields: object = {}): Promise<string> => {
  const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=partner-registry,O=Platform' });
  return (await made(`/v1/clients/${client}/certificates`, { pem, ...fields })).id;
};

/** What takes a follower its access: where it is asked for, and with what. */
const WAYS: [string, (client: string) => Promise<[string, object]>][] = [
  ['suspending it', async (client) => [`/v1/clients/${client}/suspend`, { reason: 'x' }]],
  ['its grant revoked', async (client) => [`/v1/grants/${await grantOf(client)}/revoke`, { reason: 'x' }]],
  [
    'its grant ended',
    async (client) => [
      `/v1/clients/${client}/scopes`,
      { audience: registry.issuer.issuer, scopes: [FOLLOWS], valid_until: '2020-01-01T00:00:00Z' },
    ],
  ],
  [
    'an anchor it does not chain to',
    async (client) => [`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: anchor }],
  ],
  [
    'its last certificate superseded',
    async (client) => [`/v1/certificates/${await certificateOf(client)}/supersede`, { reason: 'x' }],
  ],
  [
    'its last certificate revoked',
    async (client) => [`/v1/certificates/${await certificateOf(client)}/revoke`, { reason: 'unspecified' }],
  ],
  [
    'its last key compromised',
    async (client) => [`/v1/certificates/${await certificateOf(client)}/revoke`, { reason: 'key_compromise' }],
  ],
  ['retiring it', async (client) => [`/v1/clients/${client}/retire`, { reason: 'x' }]],
];

const PARTNER_WAYS: typeof WAYS = [
  ['suspending its partner', async () => [`/v1/partners/${platform}/suspend`, { reason: 'x' }]],
  ['offboarding its partner', async () => [`/v1/partners/${platform}/offboard`, { reason: 'x' }]],
];

describe('the client with which the registry itself follows the revocations', () => {
  it.each([...WAYS, ...PARTNER_WAYS])('keeps its access: refused is %s, and a dry run says so', async (_, way) => {
    const [path, json] = await way(itself);
    const before = await read(`/v1/clients/${itself}`);
    expect(await registry.act(`${path}?dry_run=true`, json)).toMatchObject(NEEDED);
    const refused = await registry.act(path, json);
    expect(refused).toMatchObject(NEEDED);
    expect(refused.body.detail).toMatch(/503.*Register its next certificate first/);
    expect(refused.headers['revocation-seq']).toBeUndefined();
    expect(await read(`/v1/clients/${itself}`)).toEqual(before);
  });

  it.each(WAYS)('is the only one: for the client of another API %s is done', async (_, way) => {
    const [path, json] = await way(await newClient());
    const { status, body } = await registry.act(path, json);
    expect(status, JSON.stringify(body)).toBeLessThan(300);
  });

  it('keeps its method, like every client: there is no such change', async () => {
    const { version } = await read(`/v1/clients/${itself}`);
    const patch = { token_endpoint_auth_method: 'private_key_jwt' };
    expect(await registry.patch(`/v1/clients/${itself}`, patch, version)).toMatchObject({ status: 400 });
  });

  it('may end its grant later, and be given other ones', async () => {
    const grant = { audience: registry.issuer.issuer, scopes: [FOLLOWS], valid_until: '2999-01-01T00:00:00Z' };
    expect(await registry.act(`/v1/clients/${itself}/scopes`, grant)).toMatchObject({ status: 201 });
  });

  it('loses no certificate for a successor that is not in use yet', async () => {
    const first = await certificateOf(itself);
    const pending = await nextCertificate(itself, { activate: false });
    expect(await act(`/v1/certificates/${first}/supersede`)).toMatchObject(NEEDED);
    expect(await act(`/v1/certificates/${pending}/supersede`)).toMatchObject(DONE);
  });

  it.each(['supersede', 'revoke'])(
    'lets a certificate go (%s) once another is active, which then is the last',
    async (how) => {
      const first = await certificateOf(itself);
      const second = await nextCertificate(itself);
      expect(await act(`/v1/certificates/${first}/${how}`)).toMatchObject(DONE);
      expect(await act(`/v1/certificates/${second}/${how}`)).toMatchObject(NEEDED);
    },
  );

  it('keeps one of two certificates that are taken from it at the same moment', async () => {
    const [first, second] = [await certificateOf(itself), await nextCertificate(itself)];
    const answers = await Promise.all([first, second].map((id) => act(`/v1/certificates/${id}/revoke`)));
    expect(answers.map(({ status }: TestAnswer) => status).sort()).toEqual([200, 409]);
  });

  it('keeps its key, whichever client’s certificate of it is reported compromised', async () => {
    const curve = { name: 'ECDSA', namedCurve: 'P-256' };
    const keys = (await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const mine = await registry.authority.issueClient({ subject: 'CN=partner-registry,O=Platform', keys });
    const issued = await registry.authority.issueClient({ subject: 'CN=shared', keys });
    const first = await certificateOf(itself);
    await made(`/v1/clients/${itself}/certificates`, { pem: mine.certificatePem });
    expect(await act(`/v1/certificates/${first}/supersede`)).toMatchObject(DONE);
    const shared = await certificateOf(await newClient({ issued }));
    expect(await act(`/v1/certificates/${shared}/revoke`, 'key_compromise')).toMatchObject(NEEDED);
    await nextCertificate(itself);
    expect(await act(`/v1/certificates/${shared}/revoke`, 'key_compromise')).toMatchObject(DONE);
  });

  it('keeps an anchor that vouches for it, where it is known by identity alone; another API’s may be tightened', async () => {
    const mine = await made('/v1/trust-anchors', { name: 'Mine', pem: registry.authority.certificatePem });
    const issued = await stranger.issueClient({ subject: 'CN=else' });
    for (const [client, id] of [
      [itself, mine.id],
      [await newClient({ issued }), anchor],
    ]) {
      await made(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: id });
      const { version } = await read(`/v1/clients/${client}`);
      const patched = await registry.patch(`/v1/clients/${client}`, { certificate_policy: 'identity_only' }, version);
      expect(patched).toMatchObject(DONE);
    }
    const tighten = (id: string, crl_mode: string) => registry.patch(`/v1/trust-anchors/${id}`, { crl_mode }, 1);
    expect(await tighten(mine.id, 'require')).toMatchObject(NEEDED);
    const retirement = { reason: 'x', force: true };
    expect(await registry.act(`/v1/trust-anchors/${mine.id}/retire`, retirement)).toMatchObject(NEEDED);
    expect(await tighten(mine.id, 'off')).toMatchObject(DONE);
    expect(await tighten(anchor, 'require')).toMatchObject(DONE);
  });
});
