import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SHIPMENTS, startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;
let partner: string;
let client: string;
let certificate: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  const slug = `partner-${++number}`;
  partner = (await registry.post('/v1/partners', { slug, legal_name: 'Acme' })).body.id;
  const request = { partner_id: partner, client_name: 'Importer', environment: 'production' };
  client = (await registry.post('/v1/clients', request)).body.id;
  const { certificatePem: pem } = await registry.authority.issueClient({ subject: `CN=${slug}` });
  certificate = (await registry.post(`/v1/clients/${client}/certificates`, { pem })).body.id;
  await registry.act(`/v1/clients/${client}/activate`, { reason: 'x' });
  await registry.act(`/v1/partners/${partner}/activate`, { reason: 'x' });
});

const act = (path: string, headers: Record<string, string> = {}, reason = 'unspecified') =>
  registry.act(path, { reason }, { headers });
const seqOf = ({ headers }: TestAnswer) => headers['revocation-seq'];
/** The last number of the feed. */
async function head(): Promise<string> {
  const sql = 'SELECT last_seq FROM token.revocation_counter';
  return (await registry.database.query(sql, [], registry.database.tokenServiceUrl))[0].last_seq;
}

describe('Revocation-Seq', () => {
  it('is the number under which the guards hear of it, on every answer that took access away', async () => {
    const ways: [string, () => Promise<TestAnswer>][] = [
      ['suspend a client', () => act(`/v1/clients/${client}/suspend`)],
      ['reinstate it', () => act(`/v1/clients/${client}/reinstate`)],
      ['suspend a partner', () => act(`/v1/partners/${partner}/suspend`)],
      ['reinstate it', () => act(`/v1/partners/${partner}/reinstate`)],
      ['revoke tokens of a client', () => act(`/v1/clients/${client}/revoke-tokens`)],
      ['revoke tokens of a partner', () => act(`/v1/partners/${partner}/revoke-tokens`)],
      ['supersede a certificate', () => act(`/v1/certificates/${certificate}/supersede`)],
      ['activate it again', () => act(`/v1/certificates/${certificate}/activate`)],
      ['revoke it', () => act(`/v1/certificates/${certificate}/revoke`)],
      ['retire a client', () => act(`/v1/clients/${client}/retire`)],
      ['offboard a partner', () => act(`/v1/partners/${partner}/offboard`)],
    ];
    for (const [way, take] of ways) {
      const before = Number(await head());
      const answer = await take();
      expect(answer.status, way).toBe(200);
      expect(seqOf(answer), way).toBe(String(before + 1));
      expect(await head(), way).toBe(seqOf(answer));
    }
  });

  it('is on the answers about grants and credentials too', async () => {
    const path = `/v1/clients/${client}/scopes`;
    const grant = { audience: SHIPMENTS, scopes: ['shipments:read'] };
    const granted = await registry.post(path, grant);
    const ended = await registry.post(path, { ...grant, valid_until: '2020-01-01T00:00:00Z' });
    expect([granted.status, seqOf(granted), ended.status]).toEqual([201, undefined, 201]);
    expect(seqOf(ended)).toBe(await head());
    const { version } = (await registry.call(`/v1/clients/${client}`)).body;
    const other = { tls_client_auth_subject_dn: null, tls_client_auth_san_dns: 'importer.example' };
    await act(`/v1/certificates/${certificate}/revoke`);
    const patched = await registry.patch(`/v1/clients/${client}`, other, version);
    expect(patched.status, JSON.stringify(patched.body)).toBe(200);
    expect(seqOf(patched)).toBe(await head());
  });

  it('is the highest of several', async () => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const ids: string[] = [];
    for (let count = 0; count < 2; count++) {
      const { certificatePem: pem } = await registry.authority.issueClient({ subject: `CN=partner-${number}`, keys });
      ids.push((await registry.post(`/v1/clients/${client}/certificates`, { pem })).body.id);
    }
    const before = Number(await head());
    const answer = await act(`/v1/certificates/${ids[0]}/revoke`, {}, 'key_compromise');
    expect(seqOf(answer)).toBe(String(before + 2));
  });

  it('is answered again to the same Idempotency-Key, whatever was revoked since', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await act(`/v1/clients/${client}/suspend`, key);
    await act(`/v1/partners/${partner}/suspend`);
    const again = await act(`/v1/clients/${client}/suspend`, key);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(seqOf(again)).toBe(seqOf(first));
    expect(seqOf(again)).not.toBe(await head());
  });

  it('is on no answer that took nothing away: a dry run, a refusal, onboarding, or nothing left to turn on', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const onboarded = await registry.post(
      '/v1/partners',
      { slug: `partner-${++number}`, legal_name: 'A' },
      { headers: key },
    );
    const again = await registry.post('/v1/partners', { slug: `partner-${number}`, legal_name: 'A' }, { headers: key });
    expect([onboarded, again].map((answer) => [answer.status, seqOf(answer)])).toEqual([
      [201, undefined],
      [201, undefined],
    ]);
    const dry = await act(`/v1/clients/${client}/suspend?dry_run=true`, { 'idempotency-key': randomUUID() });
    expect([dry.status, seqOf(dry)]).toEqual([200, undefined]);
    const refused = await act(`/v1/clients/${client}/reinstate`);
    expect([refused.status, seqOf(refused)]).toEqual([409, undefined]);
    await act(`/v1/clients/${client}/suspend`);
    await registry.database.query(
      `UPDATE token.revocation SET expires_at = now() WHERE subject ->> 'client_id' = $1`,
      [client],
      registry.database.adminUrl,
    );
    const turned = await act(`/v1/clients/${client}/reinstate`);
    expect([turned.status, seqOf(turned)]).toEqual([200, undefined]);
  });

  it('is described for exactly the routes that may send it', async () => {
    type Operation = { responses: Record<string, { headers?: Record<string, unknown> }> };
    const { paths } = (await registry.call('/docs/openapi.json')).body as {
      paths: Record<string, Record<string, Operation>>;
    };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { responses }]) =>
          Object.entries(responses).some(([status, { headers }]) => /^2/.test(status) && headers?.['Revocation-Seq']),
        )
        .map(([method]) => `${method} ${path.replace(/^\/v1\//, '')}`),
    );
    expect(described.sort()).toEqual([
      'delete clients/{id}/trust-anchors/{anchor}',
      'patch clients/{id}',
      'post certificate-requests/{id}/approve',
      'post certificates/{id}/activate',
      'post certificates/{id}/revoke',
      'post certificates/{id}/supersede',
      'post clients/{id}/certificate-requests',
      'post clients/{id}/reinstate',
      'post clients/{id}/retire',
      'post clients/{id}/revoke-tokens',
      'post clients/{id}/scopes',
      'post clients/{id}/suspend',
      'post clients/{id}/trust-anchors',
      'post grants/{id}/approve',
      'post grants/{id}/revoke',
      'post partners/{id}/offboard',
      'post partners/{id}/reinstate',
      'post partners/{id}/revoke-tokens',
      'post partners/{id}/suspend',
      'post revoke-all-tokens',
      'post trust-anchors/{id}/retire',
      'put clients/{id}/trust-anchors',
    ]);
  });
});
