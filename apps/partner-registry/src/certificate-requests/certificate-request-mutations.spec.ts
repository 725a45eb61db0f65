import { createCertificationRequest } from '@partner-ecosystem/test-pki';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestAnswer, TestRequest } from '../registry.testing.js';
import { startIssuingRegistry, type IssuingRegistry } from './certificate-requests.testing.js';

let registry: IssuingRegistry;
let partner_id: string;
/** for sandbox */
let client: string;
let number = 0;

beforeAll(async () => {
  registry = await startIssuingRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  partner_id = (await registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' })).body.id;
  client = await newClient('sandbox');
});

async function newClient(environment: string): Promise<string> {
  return (await registry.post('/v1/clients', { partner_id, client_name: 'Importer', environment })).body.id;
}

const asked = async () => (await createCertificationRequest()).pem;
const path = (id = client) => `/v1/clients/${id}/certificate-requests`;
const submit = (csr: string, id = client, sent: TestRequest = {}) => registry.post(path(id), { csr }, sent);
const approve = (id: string, sent: TestRequest = {}) =>
  registry.act(`/v1/certificate-requests/${id}/approve`, { reason: 'because' }, { token: registry.second, ...sent });
const listed = async (address: string): Promise<TestAnswer['body'][]> => (await registry.call(address)).body.items;
const stored = async (id = client) => [
  ...(await listed(path(id))),
  ...(await listed(`/v1/clients/${id}/certificates`)),
  ...(await listed(`/v1/clients/${id}/trust-anchors`)),
];

describe('a dry run', () => {
  it('of a request says what would come of it, and keeps nothing', async () => {
    const csr = await asked();
    const answer = await registry.post(`${path()}?dry_run=true`, { csr });
    expect(answer).toMatchObject({ status: 201, body: { status: 'issued' }, headers: { 'x-dry-run': 'true' } });
    expect(await stored()).toEqual([]);
    expect((await registry.call(`/v1/certificates/${answer.body.certificate_id}`)).status).toBe(404);
    expect((await submit(csr)).body.status).toBe('issued');
  });

  it('of an approval leaves the request waiting', async () => {
    const production = await newClient('production');
    const { id } = (await submit(await asked(), production)).body;
    expect((await approve(`${id}`, {})).status).toBe(200);
    const another = (await submit(await asked(), production)).body;
    const tried = await registry.act(
      `/v1/certificate-requests/${another.id}/approve?dry_run=true`,
      { reason: 'because' },
      { token: registry.second },
    );
    expect(tried).toMatchObject({ status: 200, body: { status: 'issued' } });
    expect((await registry.call(`/v1/certificate-requests/${another.id}`)).body).toEqual(another);
  });
});

describe('a request', () => {
  it('that is repeated with its Idempotency-Key is carried out once, and answered the same', async () => {
    const csr = await asked();
    const headers = { 'idempotency-key': `csr-${number}` };
    const answers = await Promise.all([1, 2, 3].map(() => submit(csr, client, { headers })));
    for (const { status, body } of answers) expect([status, body]).toEqual([201, answers[0]!.body]);
    expect(await listed(`/v1/clients/${client}/certificates`)).toHaveLength(1);
    expect((await submit(await asked(), client, { headers })).body.code).toBe('idempotency_key_reused');
  });

  it('is decided as the version that was seen', async () => {
    const production = await newClient('production');
    const { id } = (await submit(await asked(), production)).body;
    const address = `/v1/certificate-requests/${id}/approve`;
    const decided = (headers: Record<string, string>) =>
      registry.post(address, { reason: 'because' }, { token: registry.second, headers });
    expect((await decided({})).body.code).toBe('precondition_required');
    expect((await decided({ 'if-match': '"2"' })).body.code).toBe('precondition_failed');
    expect(await decided({ 'if-match': '"1"' })).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect((await registry.act(`/v1/certificate-requests/${id}/reject`, {})).status).toBe(400);
    expect((await approve(`crq_${'0'.repeat(32)}`)).status).toBe(404);
  });

  it.each<[string, (id: string) => Promise<TestAnswer>]>([
    ['submission', async (id) => submit(await asked(), id)],
    ['approval', async (id) => approve((await submit(await asked(), id)).body.id)],
  ])('whose %s is killed in the middle leaves nothing behind', async (name, act) => {
    const id = name === 'approval' ? await newClient('production') : client;
    const blocker = new pg.Client({ connectionString: registry.database.adminUrl });
    await blocker.connect();
    // whoever issues gets as far as the certificate's row, and waits there
    await blocker.query('BEGIN; LOCK TABLE registry.certificates IN SHARE MODE');
    const answer = act(id);
    await killWaiting(blocker);
    expect((await answer).status).toBeGreaterThanOrEqual(500);
    await blocker.query('ROLLBACK');
    await blocker.end();
    const requests = await listed(path(id));
    expect(requests.map(({ status }) => status)).toEqual(name === 'approval' ? ['submitted'] : []);
    expect(await stored(id)).toEqual(requests);
    if (name === 'approval') expect((await approve(requests[0].id)).body.status).toBe('issued');
  });

  async function killWaiting(blocker: pg.Client): Promise<void> {
    const sql = `SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
      WHERE NOT l.granted AND l.relation = 'registry.certificates'::regclass`;
    while ((await blocker.query(sql)).rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  it('is told so while there is no authority for its environment, and goes through afterwards', async () => {
    const setTo = (status: string) =>
      registry.database.query(
        `UPDATE registry.certificate_authorities SET status = $1 WHERE environment = 'sandbox'`,
        [status],
        registry.database.adminUrl,
      );
    const csr = await asked();
    await setTo('retired');
    expect(await submit(csr)).toMatchObject({ status: 503, body: { code: 'issuing_unavailable' } });
    const question = await registry.post('/v1/certificate-requests/validate', { csr, client_id: client });
    expect(question.body.checks).toContainEqual(expect.objectContaining({ id: 'issuer', result: 'fail' }));
    expect(await stored()).toEqual([]);
    await setTo('active');
    expect((await submit(csr)).body.status).toBe('issued');
  });
});

describe('a hostile body', () => {
  it('with a private key in it is refused as such, and neither stored nor logged', async () => {
    const { pem, privateKeyPem } = await createCertificationRequest();
    const body = privateKeyPem.split('\n').slice(1, -2).join('');
    const relabelled = privateKeyPem.replaceAll('PRIVATE KEY', 'CERTIFICATE REQUEST');
    for (const csr of [pem + privateKeyPem, relabelled, body]) {
      expect(await submit(csr)).toMatchObject({ status: 400, body: { code: 'private_key_in_request' } });
    }
    for (const [type, text] of [
      ['application/pkcs10', Buffer.from(body, 'base64')],
      ['application/x-pem-file', privateKeyPem],
    ] as const) {
      const answer = await registry.call(path(), { method: 'POST', raw: { type, text } });
      expect(answer.body.code).toBe('private_key_in_request');
    }
    expect(registry.log.join('')).not.toContain(body.slice(0, 40));
  });

  it('that is no request is told what is wrong, and where', async () => {
    const { pem, der } = await createCertificationRequest();
    const certificate = registry.operator.certificatePem;
    const inputs = ['nonsense', pem + pem, certificate, pem.slice(0, -30), der.subarray(1).toString('base64'), 'AAAA'];
    for (const csr of inputs) {
      const answer = await submit(csr);
      expect(answer, csr).toMatchObject({ status: 400, body: { code: 'certificate_request_malformed' } });
      expect(answer.body.errors[0].pointer).toBe('/csr');
      expect(JSON.stringify(answer.body)).not.toContain(csr.slice(50, 80) || csr);
    }
    for (const body of [
      {},
      { csr: pem, pem },
      { csr: 7 },
      { csr: '' },
      { csr: pem, subject: 'CN=a' },
      { csr: [pem] },
    ]) {
      expect((await registry.post(path(), body)).body.code).toBe('invalid_request');
    }
    expect((await submit('A'.repeat(70_000))).status).toBe(413);
    const empty = await registry.call(path(), { method: 'POST', raw: { type: 'application/pkcs10', text: '' } });
    expect(empty.status).toBe(400);
    expect(await stored()).toEqual([]);
  });
});
