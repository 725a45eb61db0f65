import { createAuthority, type Authority, type Issued, type LeafOptions } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

const SUBJECT = 'CN=importer,O=Acme';
const DAY = 86_400_000;

let registry: TestRegistry;
let authority: Authority;
let partner_id: string;
let client: string;
let number = 0;

beforeAll(async () => {
  // no task: it would mark as expired what a spec holds against its date
  registry = await startRegistry({ scheduledWork: false });
  authority = await createAuthority({ name: 'Partner Root', intermediate: true });
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  const request = { slug: `partner-${++number}`, legal_name: 'Acme' };
  partner_id = (await registry.post('/v1/partners', request)).body.id;
  client = await newClient();
});

async function newClient(fields: object = {}): Promise<string> {
  return (await registry.post('/v1/clients', { partner_id, client_name: 'Importer', ...fields })).body.id;
}

const issue = (options: Partial<LeafOptions> = {}) => authority.issueClient({ subject: SUBJECT, ...options });
const upload = (json: object, id = client) => registry.post(`/v1/clients/${id}/certificates`, json);
const uploadRaw = (type: string, text: string | Buffer) =>
  registry.call(`/v1/clients/${client}/certificates`, { method: 'POST', raw: { type, text } });
const act = (id: string, action: string, reason = 'because') =>
  registry.act(`/v1/certificates/${id}/${action}`, { reason });
const validate = (json: object) => registry.post('/v1/certificates/validate', json);
const read = async (path: string) => (await registry.call(path)).body;
const results = ({ body }: TestAnswer) =>
  Object.fromEntries(body.checks.map(({ id, result }: { id: string; result: string }) => [id, result]));

async function recordOf({ thumbprint }: Issued): Promise<string | undefined> {
  const sql = `SELECT mode FROM token.revocation WHERE subject = jsonb_build_object('thumbprint', $1::text)`;
  return (await registry.database.query(sql, [thumbprint], registry.database.adminUrl))[0]?.mode;
}

describe('a certificate is taken', () => {
  it('as PEM, as DER and in a bundle: the same certificate, with its intermediates where they came along', async () => {
    const issued = await issue();
    const der = issued.der.toString('base64');
    const ways: [string, () => Promise<TestAnswer>, number][] = [
      ['DER in JSON', () => upload({ der }), 0],
      ['DER itself', () => uploadRaw('application/pkix-cert', issued.der), 0],
      ['a bundle in JSON', () => upload({ pem: authority.bundlePem + issued.certificatePem }), 1],
      ['a bundle itself', () => uploadRaw('application/x-pem-file', issued.chainPem), 1],
    ];
    for (const [name, send, intermediates] of ways) {
      client = await newClient();
      const answer = await send();
      expect(answer, name).toMatchObject({ status: 201, body: { thumbprint: issued.thumbprint } });
      expect(answer.body.chain, name).toHaveLength(intermediates);
      const { id } = answer.body;
      const pem = await registry.call(`/v1/certificates/${id}.pem`);
      expect(pem.headers['content-type']).toMatch(/^application\/x-pem-file/);
      expect(pem.body).toBe(intermediates === 0 ? issued.certificatePem : issued.chainPem);
      await registry.database.query('UPDATE registry.certificates SET status = $1', ['expired']);
    }
  });

  it('in one form at a time, and DER is DER', async () => {
    const issued = await issue();
    const der = issued.der.toString('base64');
    for (const json of [{}, { pem: issued.certificatePem, der }, { der: 'not base64!' }, { der: [] }, { der: '' }]) {
      expect(await upload(json)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
    for (const answer of [
      await uploadRaw('application/pkix-cert', issued.certificatePem),
      await uploadRaw('application/pkix-cert', issued.der.subarray(0, 100)),
      await upload({ der: Buffer.from('nonsense').toString('base64') }),
    ]) {
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'certificate_malformed', errors: [{ pointer: '/der' }] },
      });
    }
    const key = Buffer.from(issued.privateKeyPem.replace(/-----.*-----|\s/g, ''), 'base64');
    for (const answer of [
      await uploadRaw('application/pkix-cert', key),
      await upload({ der: key.toString('base64') }),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 'private_key_in_request' } });
    }
  });
});

describe('rotating certificates', () => {
  it('next one pending, activated, old one superseded; and back again when it went wrong', async () => {
    const [old, next] = [await issue(), await issue()];
    const { id: oldId } = (await upload({ pem: old.certificatePem })).body;
    const pending = await upload({ pem: next.certificatePem, activate: false });
    expect(pending).toMatchObject({ status: 201, body: { status: 'pending' } });
    const nextId = pending.body.id;
    expect(await act(nextId, 'activate', 'Partner is ready')).toMatchObject({
      status: 200,
      body: { status: 'active', status_reason: 'Partner is ready', version: 2 },
    });
    expect(await act(oldId, 'supersede')).toMatchObject({ status: 200, body: { status: 'superseded' } });
    expect(await recordOf(old)).toBe('off');
    expect(await recordOf(next)).toBeUndefined();
    expect((await act(oldId, 'activate')).body).toMatchObject({ status: 'active' });
    expect(await recordOf(old)).toBe('cutoff');
    expect(await act(oldId, 'activate')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
  });

  it('leaves nothing of a revoked one: it cannot be activated, superseded or uploaded again', async () => {
    const issued = await issue();
    const { id } = (await upload({ pem: issued.certificatePem })).body;
    await act(id, 'revoke', 'privilege_withdrawn');
    for (const action of ['activate', 'supersede']) {
      expect(await act(id, action)).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    }
    expect((await upload({ pem: issued.certificatePem })).body.code).toBe('certificate_revoked');
  });

  it('judges anew what is activated: time, path and subject have gone on', async () => {
    const notAfter = Date.now() + 10_000;
    const soon = await issue({ notAfter: new Date(notAfter) });
    const { id } = (await upload({ pem: soon.certificatePem, activate: false })).body;
    // The date in the certificate is a real one: it has to pass, and may have passed long ago.
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(notAfter + 1_000), { timeout: 240_000 });
    const expired = await act(id, 'activate');
    expect(expired).toMatchObject({ status: 422, body: { code: 'certificate_refused' } });
    expect(results(expired)).toMatchObject({ expired: 'fail' });
    const fine = (await upload({ pem: (await issue()).chainPem, activate: false })).body;
    const stranger = await createAuthority({ name: 'Stranger' });
    const anchor = { name: 'x', partner_id, pem: stranger.certificatePem };
    const { id: trust_anchor_id } = (await registry.post('/v1/trust-anchors', anchor)).body;
    await registry.post(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id });
    expect((await act(fine.id, 'activate')).body.code).toBe('certificate_refused');
    expect(await read(`/v1/certificates/${fine.id}`)).toMatchObject({ status: 'pending' });
  });

  it('counts active ones only: pending ones wait for room', async () => {
    const uploads = [];
    for (let count = 0; count < 3; count++) uploads.push(await upload({ pem: (await issue()).certificatePem }));
    const waiting = await upload({ pem: (await issue()).certificatePem, activate: false });
    expect([...uploads, waiting].map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect((await act(waiting.body.id, 'activate')).body.code).toBe('too_many_certificates');
    await act(uploads[0]!.body.id, 'supersede');
    expect((await act(waiting.body.id, 'activate')).status).toBe(200);
    expect((await act(uploads[0]!.body.id, 'activate')).body.code).toBe('too_many_certificates');
  });

  it('a superseded certificate is activated, not uploaded again', async () => {
    const { certificatePem: pem } = await issue();
    const { id } = (await upload({ pem })).body;
    await act(id, 'supersede');
    expect((await upload({ pem })).body.code).toBe('certificate_known');
    expect((await upload({ pem }, await newClient())).body.code).toBe('certificate_known');
  });
});

describe('validating a certificate', () => {
  const tables = ['certificates', 'public_keys', 'audit_events', 'outbox_events', 'idempotency_keys'];
  const counts = async () => {
    const columns = tables.map((table) => `(SELECT count(*)::int FROM registry.${table}) AS ${table}`);
    return (await registry.database.query(`SELECT ${columns.join(', ')}`))[0];
  };

  it('answers every check of an upload, and stores nothing', async () => {
    const issued = await issue();
    const before = await counts();
    const answer = await validate({ pem: issued.chainPem, client_id: client });
    expect(answer).toMatchObject({
      status: 200,
      body: { acceptable: true, thumbprint: issued.thumbprint, subject_dn: SUBJECT, intermediates: [{}] },
    });
    expect(await counts()).toEqual(before);
    const uploaded = await upload({ pem: issued.chainPem });
    expect(Object.keys(results(answer))).toEqual(expect.arrayContaining(Object.keys(results(uploaded))));
  });

  it('says what an upload would be refused for, as a 200', async () => {
    const expired = await issue({ notBefore: new Date(Date.now() - 2 * DAY), notAfter: new Date(Date.now() - DAY) });
    const answer = await validate({ pem: expired.certificatePem });
    expect(answer).toMatchObject({ status: 200, body: { acceptable: false } });
    expect(results(answer)).toMatchObject({ expired: 'fail', weak_key: 'pass', registered_once: 'pass' });
    const issued = await issue();
    await upload({ pem: issued.certificatePem });
    expect(results(await validate({ pem: issued.certificatePem }))).toMatchObject({ registered_once: 'fail' });
    const other = await issue({ subject: 'CN=other' });
    expect(results(await validate({ der: other.der.toString('base64'), client_id: client }))).toMatchObject({
      subject_value: 'fail',
    });
  });

  it('does not say whose a key is', async () => {
    const issued = await issue();
    await upload({ pem: issued.certificatePem });
    partner_id = (await registry.post('/v1/partners', { slug: `other-${number}`, legal_name: 'Other' })).body.id;
    const stranger = await newClient();
    const answer = await validate({ pem: issued.certificatePem, client_id: stranger });
    expect(results(answer)).toMatchObject({ key_owner: 'fail' });
    expect(JSON.stringify(answer.body)).not.toMatch(/(cli|ptn|crt)_/);
  });

  it('refuses what is no certificate, a private key, and an unknown client', async () => {
    const { certificatePem: pem, privateKeyPem } = await issue();
    expect(await validate({ pem: 'x' })).toMatchObject({ status: 400, body: { code: 'certificate_malformed' } });
    expect((await validate({ pem: pem + privateKeyPem })).body.code).toBe('private_key_in_request');
    expect(await validate({ pem, client_id: `cli_${'0'.repeat(32)}` })).toMatchObject({
      status: 422,
      body: { code: 'unknown_client', errors: [{ pointer: '/client_id' }] },
    });
    const raw = { type: 'application/x-pem-file', text: pem };
    const answer = await registry.call('/v1/certificates/validate', { method: 'POST', raw });
    expect(answer).toMatchObject({ status: 200, body: { acceptable: true } });
  });
});

describe('listing certificates', () => {
  it('by client, status, thumbprint in both spellings, and by expiry in its order', async () => {
    const ends = [30, 10, 20].map((days) => new Date(Date.now() + days * DAY));
    const issued = await Promise.all(ends.map((notAfter) => issue({ notAfter })));
    const ids: string[] = [];
    for (const { certificatePem: pem } of issued) ids.push((await upload({ pem })).body.id);
    const list = async (query: string) =>
      (await read(`/v1/certificates?${query}`)).items.map(({ id }: { id: string }) => id);
    expect(await list(`client_id=${client}`)).toEqual(ids);
    expect(await list(`client_id=${client}&status=revoked`)).toEqual([]);
    expect(await list(`thumbprint=${issued[1]!.thumbprint}`)).toEqual([ids[1]]);
    const hex = Buffer.from(issued[1]!.thumbprint, 'base64url').toString('hex');
    expect(await list(`thumbprint=${hex}`)).toEqual([ids[1]]);
    const before = new Date(Date.now() + 25 * DAY).toISOString();
    const query = `client_id=${client}&expires_before=${before}`;
    expect(await list(query)).toEqual([ids[1], ids[2]]);
    const first = await read(`/v1/certificates?${query}&limit=1`);
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual([ids[1]]);
    const second = await read(`/v1/certificates?${query}&limit=1&cursor=${first.next_cursor}`);
    expect(second).toMatchObject({ items: [{ id: ids[2] }], next_cursor: null });
  });

  it('refuses filters it does not know or cannot read', async () => {
    for (const query of ['thumbprint=x', 'status=on', 'expires_before=tomorrow', 'client_id=acme', 'serial=1']) {
      expect((await registry.call(`/v1/certificates?${query}`)).status).toBe(400);
    }
  });
});
