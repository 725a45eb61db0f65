import { generateKeyPairSync, KeyObject, webcrypto } from 'node:crypto';
import { selfSigned, type Issued, type LeafOptions } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SHIPMENTS, startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

const DAY = 86_400_000;
const FIELDS = ['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email'].map((kind) => `tls_client_auth_${kind}`);

let registry: TestRegistry;
let partner_id: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  partner_id = await newPartner();
});

async function newPartner(): Promise<string> {
  return (await registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' })).body.id;
}

const register = (fields: object = {}) =>
  registry.post('/v1/clients', { partner_id, client_name: 'Importer', environment: 'production', ...fields });
const read = async (id: string) => (await registry.call(`/v1/clients/${id}`)).body;
const patch = async (id: string, json: unknown) => registry.patch(`/v1/clients/${id}`, json, (await read(id)).version);
const act = (id: string, action: string) => registry.act(`/v1/clients/${id}/${action}`, { reason: 'because' });
const upload = (id: string, issued: Issued) =>
  registry.post(`/v1/clients/${id}/certificates`, { pem: issued.certificatePem });
const issue = (options: Partial<LeafOptions> = {}) => registry.authority.issueClient({ subject: 'CN=x', ...options });

const keyPair = () =>
  webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;

const publicJwk = (keys: webcrypto.CryptoKeyPair, members: object = {}) => ({
  ...KeyObject.from(keys.publicKey).export({ format: 'jwk' }),
  kid: 'one',
  ...members,
});

async function selfSignedJwk(options: Partial<LeafOptions> = {}) {
  const keys = await keyPair();
  const issued = await selfSigned({ subject: 'CN=own', keys, ...options });
  const x5c = [issued.der.toString('base64')];
  return { jwk: { ...publicJwk(keys), x5c }, issued };
}

function expectFaults(answer: TestAnswer, code: string, ...pointers: string[]): void {
  expect(answer).toMatchObject({ status: 400, body: { code } });
  expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toEqual(pointers);
}

describe('tls_client_auth by each of the five subject values', () => {
  it.each<[string, string, string, Partial<LeafOptions>, Partial<LeafOptions>]>([
    [
      'subject_dn',
      'cn=Importer+OU=IT, o=Acme',
      'CN=Importer+OU=IT,O=Acme',
      { subject: 'OU=it+CN=importer,O=ACME' },
      {},
    ],
    [
      'san_dns',
      'Importer.Acme.example',
      'importer.acme.example',
      { dns: ['IMPORTER.acme.example'] },
      { dns: ['*.acme.example'] },
    ],
    [
      'san_uri',
      'urn:acme:importer',
      'urn:acme:importer',
      { uri: ['urn:acme:importer'] },
      { uri: ['urn:acme:Importer'] },
    ],
    ['san_ip', '2001:DB8::0:1', '2001:db8::1', { ip: ['2001:db8::1'] }, { ip: ['2001:db8::2'] }],
    [
      'san_email',
      'Ops@ACME.example',
      'Ops@acme.example',
      { email: ['Ops@acme.EXAMPLE'] },
      { email: ['ops@acme.example'] },
    ],
  ])('%s: kept in its canonical form, carried by every certificate', async (kind, given, canonical, good, bad) => {
    const field = `tls_client_auth_${kind}`;
    const { status, body } = await register({ [field]: given });
    expect([status, body[field]]).toEqual([201, canonical]);
    expect(FIELDS.filter((name) => body[name] !== null)).toEqual([field]);
    const refused = await upload(body.id, await issue({ subject: 'CN=other', ...bad }));
    expect(refused).toMatchObject({ status: 422, body: { code: 'certificate_refused' } });
    const failed = refused.body.checks.filter((check: { result: string }) => check.result === 'fail');
    expect(failed).toMatchObject([{ id: 'subject_value', expected: `${field} ${canonical}` }]);
    expect((await upload(body.id, await issue(good))).status).toBe(201);
    expect(await act(body.id, 'activate')).toMatchObject({ status: 200, body: { status: 'active' } });
  });

  it('takes a certificate without a subject when another value names the system', async () => {
    const { id } = (await register({ tls_client_auth_san_uri: 'urn:acme:x' })).body;
    const accepted = await upload(id, await issue({ subject: '', uri: ['urn:acme:x'] }));
    expect(accepted).toMatchObject({ status: 201, body: { subject_dn: '' } });
  });

  it.each([
    ['san_dns', '*.acme.example'],
    ['san_uri', '/relative'],
    ['san_ip', '10.0.0.0/8'],
    ['san_email', 'nobody'],
  ])('refuses what no certificate could carry: %s %s', async (kind, value) => {
    expectFaults(await register({ [`tls_client_auth_${kind}`]: value }), 'invalid_request', `/tls_client_auth_${kind}`);
  });
});

describe('a client has exactly the fields that its method needs', () => {
  it('tls_client_auth: one value, no keys', async () => {
    const two = { tls_client_auth_san_dns: 'a.example', tls_client_auth_san_uri: 'urn:a' };
    expectFaults(await register(two), 'fields_of_method', '/tls_client_auth_san_uri');
    expectFaults(await register({ jwks_uri: 'https://a.example/jwks' }), 'fields_of_method', '/jwks_uri');
    const jwks = { keys: [publicJwk(await keyPair())] };
    expectFaults(await register({ jwks }), 'fields_of_method', '/jwks');
  });

  it.each(['self_signed_tls_client_auth', 'private_key_jwt'])('%s: keys in one place, no value', async (method) => {
    const base = { token_endpoint_auth_method: method };
    const jwks_uri = 'https://acme.example/jwks';
    const jwks = { keys: [(await selfSignedJwk()).jwk] };
    expectFaults(await register(base), 'fields_of_method', '/jwks');
    expectFaults(await register({ ...base, jwks, jwks_uri }), 'fields_of_method', '/jwks_uri');
    const named = { ...base, jwks, tls_client_auth_subject_dn: 'CN=x' };
    expectFaults(await register(named), 'fields_of_method', '/tls_client_auth_subject_dn');
    expect(await register({ ...base, jwks_uri })).toMatchObject({
      status: 201,
      body: { token_endpoint_auth_method: method, jwks_uri, jwks: null },
    });
    expect(await register({ ...base, jwks })).toMatchObject({ status: 201, body: { jwks, jwks_uri: null } });
  });

  it.each(['client_secret_basic', 'none', 'tls', ''])('there is no other method: %j (A5)', async (method) => {
    const answer = await register({ token_endpoint_auth_method: method });
    expectFaults(answer, 'invalid_request', '/token_endpoint_auth_method');
  });

  it('the table holds the same rule', async () => {
    const insert = (columns: string, values: string) =>
      registry.database.query(
        `INSERT INTO registry.clients (partner_id, client_name, environment, ${columns})
          SELECT id, 'x', 'sandbox', ${values} FROM registry.partners LIMIT 1`,
      );
    for (const [columns, values] of [
      ['jwks_uri', `'https://a.example'`],
      ['token_endpoint_auth_method', `'private_key_jwt'`],
      ['token_endpoint_auth_method, jwks_uri, jwks', `'private_key_jwt', 'https://a.example', '{"keys":[]}'`],
      ['token_endpoint_auth_method, jwks_uri, tls_client_auth_san_dns', `'private_key_jwt', 'https://a.example', 'a'`],
      [
        'token_endpoint_auth_method, jwks_uri, certificate_policy',
        `'private_key_jwt', 'https://a.example', 'identity_only'`,
      ],
      ['bound_access_tokens', 'false'],
    ] as const) {
      await expect(insert(columns, values), columns).rejects.toMatchObject({ code: '23514' });
    }
  });
});

describe('private_key_jwt', () => {
  const method = { token_endpoint_auth_method: 'private_key_jwt' };

  it('refuses a private key as what it is, wherever it stands', async () => {
    const jwk = {
      ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
      kid: 'a',
    };
    for (const body of [{ ...method, jwks: { keys: [jwk] } }, { nonsense: { deep: [jwk] } }]) {
      const answer = await register(body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'private_key_in_request' } });
      expect(JSON.stringify(answer)).not.toContain(jwk.d);
      expect(registry.log.join('')).not.toContain(jwk.d);
    }
  });

  it('A42: keeps the keys that can be used, and warns of each that was passed over', async () => {
    const good = publicJwk(await keyPair());
    const own = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
    const others = [{ ...good, kid: 'e', use: 'enc' }, { kty: 'AKP', alg: 'ML-DSA-65', pub: 'AAAA' }, own];
    const ignored = { x5u: 'https://a.example', x5t: 'a', iat: 1, key_ops: [], x5c: [], oth: [], d: null };
    const jwks = { keys: [others[0], { ...good, ...ignored }, others[1], others[2]], cache_until: 1 };
    const { status, body } = await register({ ...method, jwks });
    expect([status, body.jwks]).toEqual([201, { keys: [good] }]);
    expect(body.warnings).toMatchObject(
      [0, 2, 3].map((at) => ({ code: 'key_passed_over', pointer: `/jwks/keys/${at}` })),
    );
    expect((await read(body.id)).jwks).toEqual({ keys: [good] });
    const changed = await patch(body.id, { jwks: { keys: [others[1], good] } });
    expect(changed.body).toMatchObject({ jwks: { keys: [good] }, warnings: [{ pointer: '/jwks/keys/0' }] });
    expect((await patch(body.id, { access_token_ttl: 120 })).body.warnings).toEqual([]);
  });

  it('A42: names every key by JSON pointer when none can be used', async () => {
    const good = publicJwk(await keyPair());
    const faults = async (...keys: object[]) => register({ ...method, jwks: { keys } });
    const useless = [{ ...good, alg: 'RS256' }, { kty: 'AKP' }];
    expectFaults(await faults(...useless), 'invalid_request', '/jwks/keys/0', '/jwks/keys/1');
    expectFaults(await faults(), 'invalid_request', '/jwks/keys');
    expectFaults(await faults(good, good), 'invalid_request', '/jwks/keys');
  });

  it('needs a certificate to bind its tokens to, and no subject value in it', async () => {
    const { id } = (await register({ ...method, jwks: { keys: [publicJwk(await keyPair())] } })).body;
    const refused = await act(id, 'activate');
    expect(refused).toMatchObject({ status: 409, body: { code: 'client_incomplete' } });
    expect(refused.body.detail).not.toContain('subject');
    expect((await upload(id, await issue({ subject: 'CN=one' }))).status).toBe(201);
    expect((await upload(id, await issue({ subject: 'CN=two' }))).status).toBe(201);
    expect(await read(id)).toMatchObject({ tls_client_auth_subject_dn: null });
    expect((await act(id, 'activate')).status).toBe(200);
  });
});

describe('self_signed_tls_client_auth', () => {
  const method = { token_endpoint_auth_method: 'self_signed_tls_client_auth' };

  it('brings its certificates in jwks, and registers those and no others (A13)', async () => {
    const { jwk, issued } = await selfSignedJwk();
    const { id } = (await register({ ...method, jwks: { keys: [jwk] } })).body;
    expect(await upload(id, await issue())).toMatchObject({ status: 409, body: { code: 'certificates_unused' } });
    expect(await upload(id, issued)).toMatchObject({ status: 201, body: { status: 'active', path_valid_until: null } });
    expect((await act(id, 'activate')).status).toBe(200);
  });

  it('A13, A42: takes every key whose certificate passes the checks of a leaf, beside others', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-384' };
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const issued = await selfSigned({ subject: 'CN=own', keys });
    const certified = { ...publicJwk(keys), alg: 'ES384', x5c: [issued.der.toString('base64')] };
    const bare = publicJwk(await keyPair());
    const { status, body } = await register({ ...method, jwks: { keys: [bare, certified] } });
    expect([status, body.jwks]).toEqual([201, { keys: [certified] }]);
    expect(body.warnings).toMatchObject([{ pointer: '/jwks/keys/0' }]);
    expect((await upload(body.id, issued)).status).toBe(201);
    expectFaults(await register({ ...method, jwks: { keys: [bare] } }), 'invalid_request', '/jwks/keys/0');
  });

  it('is not active before one of them is registered: its tokens could be bound to none', async () => {
    const [own, fetched] = [await selfSignedJwk(), await selfSignedJwk()];
    for (const [keys, issued] of [
      [{ jwks: { keys: [own.jwk] } }, own.issued],
      [{ jwks_uri: 'https://keys.acme.example/jwks' }, fetched.issued],
    ] as const) {
      const { id } = (await register({ ...method, ...keys })).body;
      const refused = await act(id, 'activate');
      expect(refused).toMatchObject({ status: 409, body: { code: 'client_incomplete' } });
      expect(refused.body.detail).toContain('an active certificate');
      expect((await upload(id, issued)).status).toBe(201);
      expect((await act(id, 'activate')).status).toBe(200);
    }
  });

  it('needs no path, whatever anchors it was given (A13)', async () => {
    const { jwk, issued } = await selfSignedJwk();
    const { id } = (await register({ ...method, jwks: { keys: [jwk] } })).body;
    const pem = registry.authority.certificatePem;
    const anchor = (await registry.post('/v1/trust-anchors', { name: 'CA', partner_id, pem })).body.id;
    await registry.post(`/v1/clients/${id}/trust-anchors`, { trust_anchor_id: anchor });
    expect(await upload(id, issued)).toMatchObject({ status: 201, body: { path_valid_until: null } });
  });

  it('needs the certificate of each key', async () => {
    const [own, other] = [await selfSignedJwk(), await selfSignedJwk()];
    const faults = (jwk: object) => register({ ...method, jwks: { keys: [jwk] } });
    expectFaults(await faults({ ...own.jwk, x5c: undefined }), 'invalid_request', '/jwks/keys/0');
    expectFaults(await faults({ ...own.jwk, x5c: other.jwk.x5c }), 'invalid_request', '/jwks/keys/0');
  });

  it('judges them like any other, the path aside (A13)', async () => {
    const { jwk } = await selfSignedJwk({
      notBefore: new Date(Date.now() - 2 * DAY),
      notAfter: new Date(Date.now() - DAY),
    });
    expect(await register({ ...method, jwks: { keys: [jwk] } })).toMatchObject({
      status: 422,
      body: { code: 'certificate_refused' },
    });
  });
});

describe('a key in a jwks', () => {
  it('belongs to one partner, like that of a certificate: also when they come at the same moment', async () => {
    const keys = await keyPair();
    const jwks = { keys: [publicJwk(keys)] };
    const partners = await Promise.all([1, 2, 3].map(newPartner));
    const body = (id: string) => ({ partner_id: id, token_endpoint_auth_method: 'private_key_jwt', jwks });
    const answers = await Promise.all(partners.map((id) => register(body(id))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const refused = answers.filter(({ status }) => status === 409);
    expect(new Set(refused.map((answer) => answer.body.code))).toEqual(new Set(['key_in_use']));
    expect(JSON.stringify(refused.map((answer) => answer.body))).not.toMatch(/(cli|ptn|crt)_/);
    const { id } = (await register()).body;
    const taken = await upload(id, await issue({ keys }));
    expect(taken).toMatchObject({ status: 409, body: { code: 'key_in_use' } });
  });

  it('that was compromised never comes back', async () => {
    const keys = await keyPair();
    const { id } = (await register()).body;
    const { body } = await upload(id, await issue({ keys }));
    await registry.act(`/v1/certificates/${body.id}/revoke`, { reason: 'key_compromise' });
    const request = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicJwk(keys)] } };
    expect(await register(request)).toMatchObject({ status: 409, body: { code: 'certificate_revoked' } });
  });
});

describe('changing a client', () => {
  it('merges: null takes away what may be absent', async () => {
    const { id } = (await register({ default_resource: SHIPMENTS })).body;
    const changed = await patch(id, { client_name: 'Exporter', access_token_ttl: 60, default_resource: null });
    expect(changed).toMatchObject({
      status: 200,
      body: { client_name: 'Exporter', access_token_ttl: 60, default_resource: null, version: 2 },
    });
    expect((await patch(id, { max_active_certificates: 5, default_resource: SHIPMENTS })).body).toMatchObject({
      client_name: 'Exporter',
      max_active_certificates: 5,
      default_resource: SHIPMENTS,
    });
  });

  it.each([
    ['its partner', { partner_id: `ptn_${'0'.repeat(32)}` }, '/partner_id'],
    ['its client_id', { client_id: 'x' }, '/client_id'],
    ['its environment', { environment: 'sandbox' }, '/environment'],
    ['its method', { token_endpoint_auth_method: 'private_key_jwt' }, '/token_endpoint_auth_method'],
    ['its status', { status: 'active' }, '/status'],
    ['whether its tokens are bound', { bound_access_tokens: false }, '/bound_access_tokens'],
    ['its name taken away', { client_name: null }, '/client_name'],
    ['a lifetime of an hour', { access_token_ttl: 3600 }, '/access_token_ttl'],
    ['no certificates', { max_active_certificates: 0 }, '/max_active_certificates'],
    ['a wildcard', { tls_client_auth_san_dns: '*.a.example' }, '/tls_client_auth_san_dns'],
    ['an unknown member', { name: 'x' }, '/name'],
  ])('refuses %s, by JSON pointer', async (_, json, pointer) => {
    const { id } = (await register()).body;
    expectFaults(await patch(id, json), 'invalid_request', pointer);
    expect((await read(id)).version).toBe(1);
  });

  it('refuses a default resource of another environment, or of nobody', async () => {
    const { id } = (await register({ environment: 'sandbox' })).body;
    expect(await patch(id, { default_resource: SHIPMENTS })).toMatchObject({
      status: 422,
      body: { code: 'environment_mismatch', errors: [{ pointer: '/default_resource' }] },
    });
    expect((await patch(id, { default_resource: 'https://nowhere.example' })).body.code).toBe('unknown_audience');
  });

  it('changes from one subject value to another only where no certificate disagrees', async () => {
    const { id } = (await register()).body;
    const { body } = await upload(id, await issue({ subject: 'CN=x,O=Acme', uri: ['urn:acme:x'] }));
    const turn = { tls_client_auth_subject_dn: null, tls_client_auth_san_uri: 'urn:acme:x' };
    expectFaults(
      await patch(id, { tls_client_auth_san_uri: 'urn:acme:x' }),
      'fields_of_method',
      '/tls_client_auth_san_uri',
    );
    expect(await patch(id, { ...turn, tls_client_auth_san_uri: 'urn:acme:y' })).toMatchObject({
      status: 409,
      body: { code: 'subject_in_use', errors: [{ pointer: '/tls_client_auth_san_uri' }] },
    });
    expect((await patch(id, { tls_client_auth_subject_dn: null })).body.code).toBe('subject_in_use');
    expect((await patch(id, turn)).body).toMatchObject(turn);
    await registry.act(`/v1/certificates/${body.id}/revoke`, { reason: 'superseded' });
    expect((await patch(id, { tls_client_auth_san_uri: 'urn:acme:y' })).status).toBe(200);
  });

  it('of its credentials ends the tokens issued until then; of its name does not', async () => {
    const jwks = async () => ({ keys: [publicJwk(await keyPair())] });
    const { id } = (await register({ token_endpoint_auth_method: 'private_key_jwt', jwks: await jwks() })).body;
    await upload(id, await issue());
    await act(id, 'activate');
    const records = () =>
      registry.database.query(
        `SELECT kind, mode FROM token.revocation WHERE subject = jsonb_build_object('client_id', $1::text)`,
        [id],
        registry.database.adminUrl,
      );
    expect((await patch(id, { client_name: 'Exporter' })).status).toBe(200);
    expect(await records()).toEqual([]);
    expect((await patch(id, { jwks: await jwks() })).status).toBe(200);
    expect(await records()).toEqual([{ kind: 'client', mode: 'cutoff' }]);
    expectFaults(await patch(id, { jwks: null }), 'fields_of_method', '/jwks');
    expect((await patch(id, { jwks: null, jwks_uri: 'https://acme.example/jwks' })).body).toMatchObject({ jwks: null });
  });
});

describe('retiring a client', () => {
  it('is final: certificates are revoked, grants taken back', async () => {
    const { id } = (await register()).body;
    const issued = await issue();
    await upload(id, issued);
    await registry.post(`/v1/clients/${id}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'] });
    expect(await act(id, 'retire')).toMatchObject({
      status: 200,
      body: { status: 'retired', status_reason: 'because' },
    });
    expect((await registry.call(`/v1/clients/${id}/certificates`)).body.items).toMatchObject([
      { status: 'revoked', revocation_reason: 'cessation_of_operation' },
    ]);
    expect((await registry.call(`/v1/clients/${id}/scopes`)).body.items).toMatchObject([{ status: 'revoked' }]);
    for (const action of ['retire', 'activate', 'reinstate']) {
      expect(await act(id, action)).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    }
    expect(await upload(id, await issue())).toMatchObject({ status: 409, body: { code: 'client_retired' } });
  });

  it('is possible for a draft that never got anything', async () => {
    const { id } = (await register()).body;
    expect((await act(id, 'retire')).status).toBe(200);
  });
});

describe('listing clients', () => {
  it('by status, environment and method', async () => {
    const { id } = (await register({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://a.example' }))
      .body;
    const list = async (query: string) =>
      (await registry.call(`/v1/clients?partner_id=${partner_id}&${query}`)).body.items.map(
        (item: { id: string }) => item.id,
      );
    for (const query of ['status=draft', 'environment=production', 'token_endpoint_auth_method=private_key_jwt']) {
      expect(await list(query)).toEqual([id]);
    }
    for (const query of ['status=active', 'environment=sandbox', 'token_endpoint_auth_method=tls_client_auth']) {
      expect(await list(query)).toEqual([]);
    }
    expect((await registry.call('/v1/clients?status=on')).status).toBe(400);
  });
});
