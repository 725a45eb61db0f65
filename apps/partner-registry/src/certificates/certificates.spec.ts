import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

const SUBJECT = 'CN=importer,O=Acme';
const DAY = 86_400_000;

let registry: TestRegistry;
let clientId: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  clientId = await newClient(await newPartner());
});

async function newPartner(): Promise<string> {
  return (await registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Some Company' })).body.id;
}

async function newClient(partner_id: string, fields: object = {}): Promise<string> {
  return (await registry.post('/v1/clients', { partner_id, client_name: 'Importer', ...fields })).body.id;
}

const issue = (options: object = {}) => registry.authority.issueClient({ subject: SUBJECT, ...options });

const upload = (pem: string, id = clientId): Promise<TestAnswer> =>
  registry.post(`/v1/clients/${id}/certificates`, { pem });

const uploadRaw = (text: string, type = 'application/x-pem-file'): Promise<TestAnswer> =>
  registry.call(`/v1/clients/${clientId}/certificates`, { method: 'POST', raw: { type, text } });

const revoke = (id: string, reason: string) => registry.act(`/v1/certificates/${id}/revoke`, { reason });

const registered = async (): Promise<{ thumbprint: string; status: string }[]> =>
  (await registry.call(`/v1/clients/${clientId}/certificates`)).body.items;

function expectRefusedBy(answer: TestAnswer, check: string): void {
  expect(answer).toMatchObject({ status: 422, body: { code: 'certificate_refused' } });
  const failed = answer.body.checks.filter(({ result }: { result: string }) => result === 'fail');
  expect(failed.map(({ id }: { id: string }) => id)).toEqual([check]);
  expect(failed[0]).toMatchObject({
    observed: expect.any(String),
    expected: expect.any(String),
    hint: expect.stringMatching(/\w/),
  });
}

describe('a certificate is refused, and nothing is stored, when it', () => {
  it.each<[string, object, string]>([
    ['has expired', { notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) }, 'expired'],
    [
      'is not valid yet',
      { notBefore: new Date(Date.now() + DAY), notAfter: new Date(Date.now() + 2 * DAY) },
      'not_yet_valid',
    ],
    ['is an authority', { ca: true }, 'ca_certificate'],
    ['has a short RSA key', { key: 'RSA-1024' }, 'weak_key'],
    ['is signed with SHA-1', { hash: 'SHA-1' }, 'weak_signature'],
    ['is for servers', { extendedKeyUsage: ['serverAuth'] }, 'extended_key_usage'],
    ['has an empty subject', { subject: '' }, 'subject'],
    ['has a name with a NUL', { dns: ['good.example\u0000.evil.example'] }, 'subject_alternative_names'],
    ['has a subject of a page', { subject: `CN=${'x'.repeat(1100)}` }, 'subject'],
  ])('%s', async (_, options, check) => {
    expectRefusedBy(await upload((await issue(options)).certificatePem), check);
    expect(await registered()).toEqual([]);
    expect((await registry.call(`/v1/clients/${clientId}`)).body.tls_client_auth_subject_dn).toBeNull();
  });

  it('carries another subject than the registered one, while its twin with the same name is accepted', async () => {
    await upload((await issue()).certificatePem);
    expectRefusedBy(await upload((await issue({ subject: 'CN=importer,O=Globex' })).certificatePem), 'subject_value');
    expectRefusedBy(await upload((await issue({ subject: 'O=Acme,CN=importer' })).certificatePem), 'subject_value');
    expect((await upload((await issue({ subject: 'CN=IMPORTER,O=acme' })).certificatePem)).status).toBe(201);
    expect(await registered()).toHaveLength(2);
  });

  it('carries another subject than the one the client was registered with', async () => {
    clientId = await newClient(await newPartner(), { tls_client_auth_subject_dn: 'O=Acme + CN=importer' });
    expectRefusedBy(await upload((await issue()).certificatePem), 'subject_value');
    const fitting = await upload((await issue({ subject: 'CN=importer+O=Acme' })).certificatePem);
    expect(fitting.status).toBe(201);
  });

  it('is a warning only to lack an extended key usage', async () => {
    const { status, body } = await upload((await issue({ extendedKeyUsage: null })).certificatePem);
    expect(status).toBe(201);
    expect(body.checks).toContainEqual(expect.objectContaining({ id: 'extended_key_usage', result: 'warn' }));
    expect(body.extended_key_usage).toBeNull();
  });
});

describe('a body that is not one certificate', () => {
  it('several leaves: send one, with its intermediates at most', async () => {
    const other = await issue();
    const chain = (await issue()).certificatePem + other.certificatePem;
    for (const answer of [await upload(chain), await uploadRaw(chain)]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 'certificate_bundle' } });
      expect(answer.body.detail).toContain('send one leaf certificate, with its intermediates at most');
    }
  });

  it.each([
    '',
    'nonsense',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    '-----BEGIN CERTIFICATE-----',
  ])('no certificate: %j', async (text) => {
    const answer = await upload(text);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe('/pem');
    expect((await uploadRaw(text)).status).toBe(400);
  });

  it('another field, another type, another content type', async () => {
    const { certificatePem: pem } = await issue();
    const path = `/v1/clients/${clientId}/certificates`;
    expect(await registry.post(path, { pem, status: 'active' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect((await registry.post(path, { pem: [pem] })).status).toBe(400);
    expect((await registry.post(path, pem)).status).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/pkcs7-mime']) {
      expect(await uploadRaw(pem, type)).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    }
    expect(await uploadRaw('x'.repeat(70_000))).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(await registered()).toEqual([]);
  });
});

describe('a private key', () => {
  let issued: Issued;
  let secret: string;

  beforeAll(async () => {
    issued = await issue();
    secret = issued.privateKeyPem.split('\n')[1]!;
  });

  function expectRefused(answer: TestAnswer): void {
    expect(answer).toMatchObject({ status: 400, body: { code: 'private_key_in_request' } });
    expect(answer.body.detail).toContain('consider it compromised');
    expect(JSON.stringify(answer)).not.toContain(secret);
    expect(registry.log.join('')).not.toContain(secret);
  }

  it('is refused wherever it is in the body, and neither echoed nor logged', async () => {
    const { certificatePem, privateKeyPem } = issued;
    const path = `/v1/clients/${clientId}/certificates`;
    expectRefused(await upload(privateKeyPem));
    expectRefused(await uploadRaw(privateKeyPem));
    expectRefused(await upload(certificatePem + privateKeyPem));
    expectRefused(await uploadRaw(privateKeyPem + certificatePem));
    expectRefused(await registry.post(path, { pem: certificatePem, key: privateKeyPem }));
    expectRefused(await registry.post(path, { [privateKeyPem]: certificatePem }));
    expectRefused(await registry.post('/v1/partners', { slug: 'x', legal_name: privateKeyPem }));
    expect(registry.log.join('')).toContain('private_key_in_request');
    expect(await registered()).toEqual([]);
  });

  it('is recognised in its other forms, too', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const encrypted = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString();
    const disguised = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
    for (const text of [pkcs1, encrypted, disguised]) {
      expect(await upload(text)).toMatchObject({ status: 400, body: { code: 'private_key_in_request' } });
    }
  });

  it('sent with the wrong content type is not logged either', async () => {
    expect((await uploadRaw(issued.privateKeyPem, 'application/json')).status).toBe(400);
    expect((await uploadRaw(issued.privateKeyPem, 'text/plain')).status).toBe(415);
    expect(registry.log.join('')).not.toContain(secret);
  });
});

describe('a certificate that is known', () => {
  it('is refused on every client, naming nobody', async () => {
    const { certificatePem } = await issue();
    const first = await upload(certificatePem);
    const otherClient = await newClient(await newPartner());
    for (const answer of [await upload(certificatePem), await upload(certificatePem, otherClient)]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'certificate_known' } });
      expect(JSON.stringify(answer.body)).not.toMatch(/(cli|ptn|crt)_/);
    }
    expect(first.status).toBe(201);
  });

  it('is registered once when it comes several times at once, to two clients of a partner', async () => {
    const partner = await newPartner();
    const clients = [await newClient(partner), await newClient(partner)];
    const { certificatePem } = await issue();
    const answers = await Promise.all([...clients, ...clients].map((id) => upload(certificatePem, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const codes = answers.filter(({ status }) => status === 409).map(({ body }) => body.code);
    expect(new Set(codes)).toEqual(new Set(['certificate_known']));
  });

  it('stays refused after it was revoked', async () => {
    const { certificatePem } = await issue();
    const { body } = await upload(certificatePem);
    await revoke(body.id, 'superseded');
    expect(await upload(certificatePem)).toMatchObject({ status: 409, body: { code: 'certificate_revoked' } });
  });
});

describe('a key', () => {
  const keyPair = () =>
    webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]) as Promise<webcrypto.CryptoKeyPair>;

  it('belongs to one partner: another one is refused, naming nobody', async () => {
    const keys = await keyPair();
    expect((await upload((await issue({ keys })).certificatePem)).status).toBe(201);
    const stranger = await newClient(await newPartner());
    const refused = await upload((await issue({ keys, subject: 'CN=stranger' })).certificatePem, stranger);
    expect(refused).toMatchObject({ status: 409, body: { code: 'key_in_use' } });
    expect(JSON.stringify(refused.body)).not.toMatch(/(cli|ptn|crt)_/);
    expect((await registry.call(`/v1/clients/${stranger}`)).body.tls_client_auth_subject_dn).toBeNull();
  });

  it('goes to one of two partners who come at the same moment', async () => {
    const keys = await keyPair();
    const clients = await Promise.all([1, 2, 3, 4].map(async () => newClient(await newPartner())));
    const certificates = await Promise.all(clients.map((_, at) => issue({ keys, subject: `CN=client ${at}` })));
    const answers = await Promise.all(clients.map((id, at) => upload(certificates[at]!.certificatePem, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const refused = answers.filter(({ status }) => status === 409);
    expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['key_in_use']));
  });

  it('is not taken by a refused upload', async () => {
    const keys = await keyPair();
    expect((await upload((await issue({ keys, ca: true })).certificatePem)).status).toBe(422);
    const other = await newClient(await newPartner());
    expect((await upload((await issue({ keys })).certificatePem, other)).status).toBe(201);
  });

  it('may serve several clients of its partner', async () => {
    const partner = await newPartner();
    const keys = await keyPair();
    for (const id of [await newClient(partner), await newClient(partner)]) {
      expect((await upload((await issue({ keys })).certificatePem, id)).status).toBe(201);
    }
  });

  it('once compromised takes all its certificates along and is never accepted again', async () => {
    const keys = await keyPair();
    const leaked = (await upload((await issue({ keys })).certificatePem)).body;
    const sibling = (await upload((await issue({ keys })).certificatePem)).body;
    const unrelated = (await upload((await issue()).certificatePem)).body;
    expect(await revoke(leaked.id, 'key_compromise')).toMatchObject({ status: 200, body: { status: 'revoked' } });
    const statuses = Object.fromEntries((await registered()).map(({ thumbprint, status }) => [thumbprint, status]));
    expect(statuses).toEqual({
      [leaked.thumbprint]: 'revoked',
      [sibling.thumbprint]: 'revoked',
      [unrelated.thumbprint]: 'active',
    });
    const renewed = await upload((await issue({ keys })).certificatePem);
    expect(renewed).toMatchObject({ status: 409, body: { code: 'certificate_revoked' } });
  });
});

describe('the number of active certificates', () => {
  it('is three at most; a revoked one makes room, and of several at once none is too many', async () => {
    const certificates = await Promise.all([1, 2, 3, 4, 5, 6].map(() => issue()));
    const answers = await Promise.all(certificates.map(({ certificatePem }) => upload(certificatePem)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect(refused.body.code).toBe('too_many_certificates');
    await revoke(answers.find(({ status }) => status === 201)!.body.id, 'superseded');
    expect((await upload((await issue()).certificatePem)).status).toBe(201);
  });
});

describe('revoking a certificate', () => {
  it('is final', async () => {
    const { body } = await upload((await issue()).certificatePem);
    const revoked = await revoke(body.id, 'affiliation_changed');
    expect(revoked).toMatchObject({
      status: 200,
      body: { status: 'revoked', revocation_reason: 'affiliation_changed', version: 2 },
    });
    expect(Date.parse(revoked.body.revoked_at)).toBeCloseTo(Date.now(), -5);
    for (const reason of ['affiliation_changed', 'key_compromise']) {
      const again = await revoke(body.id, reason);
      expect(again).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
      expect(again.body.detail).toContain('revoked');
    }
    expect((await registry.call(`/v1/certificates/${body.id}`)).body).toEqual(revoked.body);
  });

  it('needs one of the reasons of RFC 5280, and a certificate', async () => {
    const { body } = await upload((await issue()).certificatePem);
    for (const json of [{}, { reason: 'because' }, { reason: 'superseded', force: true }]) {
      expect((await registry.act(`/v1/certificates/${body.id}/revoke`, json)).status).toBe(400);
    }
    expect((await revoke(`crt_${'0'.repeat(32)}`, 'superseded')).status).toBe(404);
    expect((await revoke('nonsense', 'superseded')).status).toBe(404);
  });
});

it('a certificate of the same name from another authority is another certificate', async () => {
  const namesake = await (await createAuthority({ name: 'Test Authority' })).issueClient({ subject: SUBJECT });
  const first = (await upload((await issue()).certificatePem)).body;
  const second = (await upload(namesake.certificatePem)).body;
  expect([second.subject_dn, second.issuer_dn]).toEqual([first.subject_dn, first.issuer_dn]);
  expect(second.thumbprint).not.toBe(first.thumbprint);
});
