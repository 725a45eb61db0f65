import { generateKeyPairSync } from 'node:crypto';
import {
  createCertificationRequest,
  mintCertificate,
  policyExtensions,
  type Minted,
} from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

let registry: TestRegistry;
let partner_id: string;
let client_id: string;

beforeAll(async () => {
  registry = await startRegistry();
  partner_id = (await registry.post('/v1/partners', { slug: 'acme', legal_name: 'Acme' })).body.id;
  client_id = (await newClient({ tls_client_auth_subject_dn: 'CN=client,O=Partner' })).body.id;
});
afterAll(() => registry?.stop());

const newClient = (fields: object) =>
  registry.post('/v1/clients', { partner_id, client_name: 'Importer', environment: 'production', ...fields });
const detailOf = ({ body }: TestAnswer): string => body.errors[0].detail;

describe('A45: a reason that is known reaches the operator', () => {
  it.each([
    ['tls_client_auth_subject_dn', 'UID=1,jurisdictionCountryName=BR,CN=x', /position 6: write its dotted OID$/],
    ['tls_client_auth_subject_dn', 'CN=a;O=b', /must be escaped.*at position 4/],
    ['tls_client_auth_san_dns', '*.acme.example', /the character at position 0 cannot be in it/],
    ['tls_client_auth_san_dns', 'a..example', /its label 2 is empty/],
    ['tls_client_auth_san_uri', 'urn:a b', /the character at position 5 cannot be in it/],
    ['tls_client_auth_san_ip', 'fe80::1%eth0', /it has a zone/],
    ['tls_client_auth_san_email', 'ops@acme_x.example', /after "@", the character at position 4 cannot/],
  ])('a subject value that is none: %s %s', async (field, value, reason) => {
    const answer = await newClient({ [field]: value });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: `/${field}` }] } });
    expect(detailOf(answer)).toMatch(reason);
    expect(detailOf(answer)).not.toContain(value);
  });

  it('a certificate and a request that break a rule', async () => {
    const request = await createCertificationRequest({ version: 1 });
    const asked = await registry.post('/v1/certificate-requests/validate', { pem: request.pem });
    expect(detailOf(asked)).toMatch(/RFC 2986: another version than 1, which is written as 0, at octet \d+\.$/);
    const { certificatePem } = await mintCertificate({ subject: 'CN=x', names: [{ dns: 'h\u00e9st.example' }] });
    const validated = await registry.post('/v1/certificates/validate', { pem: certificatePem });
    expect(detailOf(validated)).toMatch(/RFC 5280: an IA5String beyond ASCII, at octet \d+\.$/);
  });

  it('what was observed by validate, good or bad', async () => {
    const { certificatePem: pem } = await mintCertificate({ subject: 'CN=client,O=Partner' });
    const { body } = await registry.post('/v1/certificates/validate', { pem, client_id });
    const observed = Object.fromEntries(
      body.checks.map((check: { id: string; observed: string }) => [check.id, check.observed]),
    );
    expect(observed).toMatchObject({
      registered_once: 'not registered',
      revoked: 'neither was revoked',
      key_owner: 'a key that is new here',
      client: 'a client with status draft and method tls_client_auth',
      room: '0 of 3 places taken',
    });
    const request = await createCertificationRequest();
    const asked = await registry.post('/v1/certificate-requests/validate', { pem: request.pem, client_id });
    expect(asked.body.checks).toContainEqual(
      expect.objectContaining({ id: 'issuer', result: 'fail', observed: 'no authority issues for production' }),
    );
    expect(JSON.stringify([body, asked.body])).not.toMatch(/so it is|not so/);
  });

  it.each(['application/json', 'application/merge-patch+json'])(
    'that %s is valid, and what is wrong with it',
    async (type) => {
      const send = (text: string) =>
        registry.call(type === 'application/json' ? '/v1/partners' : `/v1/clients/${client_id}`, {
          method: type === 'application/json' ? 'POST' : 'PATCH',
          headers: { 'if-match': '*' },
          raw: { type, text },
        });
      const prototype = await send('{"__proto__": {}}');
      expect(prototype).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(prototype.body.detail).toContain('a member "__proto__"');
      expect((await send('{"a": ')).body).toMatchObject({ code: 'malformed_json' });
      expect((await send('\ufeff{"unknown": 1}')).body.code).toBe('invalid_request');
    },
  );
});

describe('A45: a private key', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const pem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
  const jwk = JSON.stringify(key.export({ format: 'jwk' }));
  const secret = (JSON.parse(jwk) as { d: string }).d;

  function expectToldAndForgotten(answer: TestAnswer): void {
    expect(answer).toMatchObject({ status: 400, body: { code: 'private_key_in_request' } });
    for (const text of [JSON.stringify(answer.body), registry.log.join('')]) {
      for (const part of [secret, pem.split('\n')[1]!.slice(0, 30)]) expect(text).not.toContain(part);
    }
  }

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${pem}`, 'utf16le')],
    ['a JWK', jwk],
    ['percent-encoded', encodeURIComponent(pem)],
  ])('as %s is recognised in an upload', async (_, text) => {
    const path = `/v1/clients/${client_id}/certificates`;
    expectToldAndForgotten(
      await registry.call(path, { method: 'POST', raw: { type: 'application/x-pem-file', text } }),
    );
  });

  it.each(['client_name', 'pem'])('as a JWK is recognised in the text of any field: %s', async (field) => {
    expectToldAndForgotten(await registry.post('/v1/clients', { [field]: jwk }));
  });

  it.each([
    ['the path of a route', `/v1/clients/${encodeURIComponent(pem.slice(0, 100))}`],
    ['a path too long for any', `/v1/clients/${encodeURIComponent(pem)}`],
    ['a path that nobody serves', `/absent/${encodeURIComponent(jwk)}`],
    ['a query', `/v1/clients?cursor=${encodeURIComponent(pem)}`],
    ['a path, encoded twice', `/v1/certificates/${encodeURIComponent(encodeURIComponent(jwk))}`],
  ])('in %s is recognised, and is not in the log', async (_, path) => {
    expectToldAndForgotten(await registry.call(path));
  });
});

describe('A43: an authority with constraints on policies', () => {
  it('can be an anchor, and its clients are judged by them', async () => {
    const said = (options: Parameters<typeof policyExtensions>[0]) => ({ extensions: policyExtensions(options) });
    const root = await mintCertificate({ subject: 'CN=Root', authority: true, ...said({ inhibitAnyPolicy: 0 }) });
    const constrained = said({ policies: ['1.2.3.4'], requireExplicitPolicy: 0, inhibitPolicyMapping: 0 });
    const issuing = await mintCertificate({ subject: 'CN=Issuing', issuer: root, authority: true, ...constrained });
    const anchor = await registry.post('/v1/trust-anchors', { name: 'Root', partner_id, pem: root.certificatePem });
    expect(anchor.status).toBe(201);
    const linked = { trust_anchor_id: anchor.body.id };
    expect((await registry.post(`/v1/clients/${client_id}/trust-anchors`, linked)).status).toBe(201);
    const validated = async (leaf: Minted) => {
      const pem = leaf.certificatePem + issuing.certificatePem;
      const { body } = await registry.post('/v1/certificates/validate', { pem, client_id });
      const failed = (body.checks as { id: string; result: string }[]).filter(({ result }) => result === 'fail');
      return failed.map(({ id }) => id);
    };
    const leaf = { subject: 'CN=client,O=Partner', issuer: issuing };
    expect(await validated(await mintCertificate({ ...leaf, ...said({ policies: ['1.2.3.4'] }) }))).toEqual([]);
    expect(await validated(await mintCertificate(leaf))).toEqual(['path_policies']);
  });
});
