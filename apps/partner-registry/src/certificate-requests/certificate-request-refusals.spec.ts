import { createPublicKey, X509Certificate } from 'node:crypto';
import {
  createCertificationRequest,
  type CertificationRequestOptions,
  type RequestedCertificate,
} from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestAnswer, TestRequest } from '../registry.testing.js';
import { startIssuingRegistry, type IssuingRegistry } from './certificate-requests.testing.js';

let registry: IssuingRegistry;
let client: string;
let number = 0;

beforeAll(async () => {
  registry = await startIssuingRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  client = await newClient(await newPartner());
});

async function newPartner(): Promise<string> {
  return (await registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' })).body.id;
}

async function newClient(partner_id: string, fields: object = {}): Promise<string> {
  const request = { partner_id, client_name: 'Importer', environment: 'sandbox', ...fields };
  return (await registry.post('/v1/clients', request)).body.id;
}

const partnerOf = async (id: string) => (await registry.call(`/v1/clients/${id}`)).body.partner_id;
const asked = (options: CertificationRequestOptions = {}) => createCertificationRequest(options);
const again = (keyOf: RequestedCertificate) => asked({ keyOf });
const submit = (csr: string, id = client, fields: object = {}, sent: TestRequest = {}) =>
  registry.post(`/v1/clients/${id}/certificate-requests`, { csr, ...fields }, sent);
const validate = (csr: string, client_id?: string) =>
  registry.post('/v1/certificate-requests/validate', { csr, ...(client_id && { client_id }) });
const approve = (id: string) =>
  registry.act(`/v1/certificate-requests/${id}/approve`, { reason: 'because' }, { token: registry.second });
const reject = (id: string) => registry.act(`/v1/certificate-requests/${id}/reject`, { reason: 'because' });
const revoke = (id: string, reason: string) => registry.act(`/v1/certificates/${id}/revoke`, { reason });
const failed = ({ body }: TestAnswer): string[] =>
  body.checks.filter(({ result }: { result: string }) => result === 'fail').map(({ id }: { id: string }) => id);

function expectRefused(answer: TestAnswer, ...checks: string[]): void {
  expect(answer).toMatchObject({ status: 422, body: { code: 'certificate_request_refused' } });
  expect(failed(answer)).toEqual(checks);
  for (const { result, hint } of answer.body.checks) expect(hint === '').toBe(result === 'pass');
}

/** rows that know of the key */
async function knownOf({ spki }: RequestedCertificate): Promise<number> {
  const sql = `SELECT (SELECT count(*) FROM registry.public_keys WHERE spki_sha256 = k.spki)
      + (SELECT count(*) FROM registry.certificate_requests WHERE spki_sha256 = k.spki)
      + (SELECT count(*) FROM registry.certificates WHERE spki_sha256 = k.spki) AS known
    FROM (SELECT encode(sha256($1), 'hex') AS spki) AS k`;
  return Number((await registry.database.query(sql, [spki]))[0].known);
}

describe('a request is refused by name, and leaves nothing, when it', () => {
  it.each<[string, CertificationRequestOptions, string[]]>([
    ['is not signed with its key', { forged: true }, ['proof_of_possession']],
    ['has a short RSA key', { key: 'RSA-1024' }, ['weak_key']],
    ['has a key on another curve', { key: 'secp256k1' }, ['weak_key']],
    ['is signed with SHA-1', { scheme: 'SHA-1' }, ['weak_signature']],
    ['asks for another subject', { subject: 'CN=admin,O=Acme' }, ['subject_requested']],
    ['asks for another name', { names: [{ dns: 'bank.example' }] }, ['names_requested']],
    ['asks to be an authority', { basicConstraints: { ca: true } }, ['extensions_requested']],
    ['asks to be a server', { extendedKeyUsage: ['serverAuth'] }, ['extensions_requested']],
    [
      'has several faults, each of them',
      { subject: 'CN=admin', forged: true, key: 'RSA-1024', extendedKeyUsage: ['serverAuth'] },
      ['proof_of_possession', 'weak_key', 'subject_requested', 'extensions_requested'],
    ],
  ])('%s', async (_, options, checks) => {
    const request = await asked(options);
    expectRefused(await submit(request.pem), ...checks);
    expect(await knownOf(request)).toBe(0);
    const question = await validate(request.pem, client);
    expect(question).toMatchObject({ status: 200, body: { acceptable: false } });
    expect(failed(question)).toEqual(checks);
  });

  it('is for somebody else’s key, which its owner can still use', async () => {
    const owner = await asked();
    const thief = await asked({ spki: owner.spki });
    expectRefused(await submit(thief.pem), 'proof_of_possession');
    expect(await knownOf(owner)).toBe(0);
    const other = await newClient(await newPartner());
    expect((await submit(owner.pem, other)).body.status).toBe('issued');
  });

  it('while its twin that asks for what it gets is accepted', async () => {
    const names = [{ uri: `urn:partner-ecosystem:client:${client}` }];
    const request = await asked({ subject: `CN=${client},O=ACME`, names, extendedKeyUsage: ['clientAuth'] });
    const question = await validate(request.pem, client);
    expect(question.body).toMatchObject({
      acceptable: true,
      needs_approval: false,
      subject_dn: `CN=${client},O=ACME`,
      certificate: { subject_dn: `CN=${client},O=Acme`, subject_alternative_names: [{ kind: 'uri' }] },
    });
    expect(await knownOf(request)).toBe(0);
    expect((await submit(request.pem)).status).toBe(201);
    expect((await validate(request.pem)).body).toMatchObject({ acceptable: false, certificate: null });
  });
});

describe('a key', () => {
  it('has one certificate: a renewal needs a new one', async () => {
    const request = await asked();
    const first = (await submit(request.pem)).body.certificate_id;
    expectRefused(await submit((await again(request)).pem), 'key_known');
    await revoke(first, 'superseded');
    expectRefused(await submit((await again(request)).pem), 'key_known');
    const renewed = await submit((await asked()).pem, client, { replaces: first });
    expect(renewed).toMatchObject({ status: 201, body: { replaces: first } });
  });

  it('that was reported compromised, or came with an upload, is known too', async () => {
    const compromised = await asked();
    await revoke((await submit(compromised.pem)).body.certificate_id, 'key_compromise');
    const answer = await submit((await again(compromised)).pem);
    expectRefused(answer, 'key_known');
    expect(JSON.stringify(answer.body.checks)).toContain('reported compromised');
    const other = await newClient(await partnerOf(client));
    const uploaded = await registry.authority.issueClient({ subject: 'CN=uploaded' });
    const upload = { pem: uploaded.certificatePem };
    expect((await registry.post(`/v1/clients/${other}/certificates`, upload)).status).toBe(201);
    const spki = createPublicKey(uploaded.certificatePem);
    const keyOf = { privateKeyPem: uploaded.privateKeyPem, spki: spki.export({ type: 'spki', format: 'der' }) };
    expectRefused(await submit((await asked({ keyOf })).pem), 'key_known');
  });

  it('of another partner is refused without a word about whose it is', async () => {
    const request = await asked();
    await submit(request.pem);
    const other = await newClient(await newPartner());
    const answer = await submit((await again(request)).pem, other);
    expectRefused(answer, 'key_in_use');
    for (const told of [client, await partnerOf(client)]) expect(JSON.stringify(answer.body)).not.toContain(told);
  });

  it('belongs to the partner that asked first, also once its request was rejected', async () => {
    const production = await newClient(await partnerOf(client), { environment: 'production' });
    const request = await asked();
    const { id } = (await submit(request.pem, production)).body;
    const other = await newClient(await newPartner());
    expectRefused(await submit(request.pem, other), 'key_in_use');
    expect((await reject(id)).body.status).toBe('rejected');
    expectRefused(await submit(request.pem, other), 'key_in_use');
    expect((await submit(request.pem, production)).body.status).toBe('submitted');
  });

  it('goes to one of two partners who come at the same moment', async () => {
    for (const environment of ['sandbox', 'production']) {
      const request = await asked();
      const clients = await Promise.all(
        Array.from({ length: 4 }, async () => newClient(await newPartner(), { environment })),
      );
      const answers = await Promise.all(clients.map((id) => submit(request.pem, id)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
      for (const answer of answers.filter(({ status }) => status === 422)) expectRefused(answer, 'key_in_use');
    }
  });
});

describe('a client', () => {
  it('that is retired, or known by its own keys, gets none', async () => {
    const { pem } = await asked();
    const method = await selfSignedClient();
    expect((await submit(pem, method)).body.code).toBe('certificates_unused');
    await registry.act(`/v1/clients/${client}/retire`, { reason: 'because' });
    expect((await submit(pem)).body.code).toBe('client_retired');
    for (const id of [client, method]) expect(failed(await validate(pem, id))).toEqual(['client']);
    expect((await submit(pem, `cli_${'0'.repeat(32)}`)).status).toBe(404);
    expect((await validate(pem, `cli_${'0'.repeat(32)}`)).body.code).toBe('unknown_client');
  });

  async function selfSignedClient(): Promise<string> {
    const { certificatePem } = await registry.authority.issueClient({ subject: 'CN=own' });
    const own = new X509Certificate(certificatePem);
    const jwk = { ...own.publicKey.export({ format: 'jwk' }), kid: 'a', x5c: [own.raw.toString('base64')] };
    const fields = { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys: [jwk] } };
    return newClient(await partnerOf(client), fields);
  }

  it('follows certificates of its own only, and has room for one more', async () => {
    const other = (await submit((await asked()).pem, await newClient(await newPartner()))).body.certificate_id;
    const { pem } = await asked();
    expect((await submit(pem, client, { replaces: other })).body.code).toBe('unknown_certificate');
    const single = await newClient(await partnerOf(client), { max_active_certificates: 1 });
    await submit((await asked()).pem, single);
    expect((await submit(pem, single)).body.code).toBe('too_many_certificates');
    expect(failed(await validate(pem, single))).toEqual(['room']);
  });

  it('of an operator is given none by who may not change operators', async () => {
    const token = await registry.tokenWith('registry:certificates:write');
    const answer = await submit((await asked()).pem, registry.operatorClientId, {}, { token });
    expect(answer).toMatchObject({ status: 403, body: { code: 'operator_scope_required' } });
  });

  it('waits with one request for a key, not with two', async () => {
    const production = await newClient(await partnerOf(client), { environment: 'production' });
    const { pem } = await asked();
    const answers = await Promise.all([submit(pem, production), submit(pem, production)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('certificate_request_waiting');
  });
});

describe('what was sound when it came is judged anew when it is approved', () => {
  let production: string;
  let request: RequestedCertificate;
  let id: string;
  beforeEach(async () => {
    production = await newClient(await partnerOf(client), { environment: 'production' });
    request = await asked({ subject: `CN=${production},O=Acme` });
    id = (await submit(request.pem, production)).body.id;
  });

  it('the key, which may have got a certificate elsewhere', async () => {
    expect((await submit((await again(request)).pem)).body.status).toBe('issued');
    expectRefused(await approve(id), 'key_known');
  });

  it('the subject, which may have become another one', async () => {
    const patch = { tls_client_auth_subject_dn: 'CN=exporter,O=Acme' };
    expect((await registry.patch(`/v1/clients/${production}`, patch, 1)).status).toBe(200);
    expectRefused(await approve(id), 'subject_requested');
    expect((await registry.call(`/v1/certificate-requests/${id}`)).body).toMatchObject({
      status: 'submitted',
      version: 1,
    });
  });

  it('the client, which may be retired; its request can still be rejected', async () => {
    await registry.act(`/v1/clients/${production}/retire`, { reason: 'because' });
    expect((await approve(id)).body.code).toBe('client_retired');
    expect((await reject(id)).body.status).toBe('rejected');
  });
});
