import { createAuthority, type Authority, type Issued, type LeafOptions } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../registry.testing.js';

const SUBJECT = 'CN=importer,O=Acme';
const DAY = 86_400_000;
const DATES = ['activate_at', 'retire_at'] as const;

let registry: TestRegistry;
let authority: Authority;
let partner_id: string;
let client: string;
let number = 0;

// No jobs: what is planned stays planned.
beforeAll(async () => {
  registry = await startRegistry({ scheduledWork: false });
  authority = await createAuthority({ name: 'Partner Root' });
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
const issue = (options: Partial<LeafOptions> = {}) =>
  authority.issueClient({ subject: SUBJECT, notAfter: new Date(Date.now() + 100 * DAY), ...options });
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
const upload = async (json: object = {}, issued?: Issued) =>
  registry.post(`/v1/clients/${client}/certificates`, { pem: (issued ?? (await issue())).certificatePem, ...json });
const added = async (json: object = {}, issued?: Issued): Promise<string> => (await upload(json, issued)).body.id;
const act = (id: string, action: string, more: object = {}) =>
  registry.act(`/v1/certificates/${id}/${action}`, { reason: 'because', ...more });
const read = async (id: string) => (await registry.call(`/v1/certificates/${id}`)).body;
const seen = ({ thumbprint }: Issued) =>
  registry.database.query(
    `INSERT INTO token.certificate_seen (thumbprint, first_seen_at, last_seen_at) VALUES ($1, $2, $3)`,
    [thumbprint, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    registry.database.adminUrl,
  );
const published = async (id: string) => {
  const [row] = await registry.database.query(
    `SELECT certificates FROM registry.registered_client WHERE client_id = $1`,
    [(await read(id)).client_id],
    registry.database.adminUrl,
  );
  return row.certificates as Record<string, string | null>[];
};

describe('a certificate that is activated at a date', () => {
  it('is pending until then, and published with its date for the token service to judge', async () => {
    const date = inDays(10);
    const old = await added();
    const answer = await upload({ activate_at: date, replaces: old });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        status: 'pending',
        activate_at: date,
        replaces: old,
        first_seen_at: null,
        last_seen_at: null,
        days_left: 99,
      },
    });
    expect(await published(old)).toMatchObject([{ activate_at: null }, { activate_at: date, not_before: date }]);
  });

  it('moves, is brought forward to now, or stays pending when the date is withdrawn; each is announced', async () => {
    const id = await added({ activate_at: inDays(10) });
    const later = inDays(20);
    expect((await act(id, 'activate', { at: later })).body).toMatchObject({ status: 'pending', activate_at: later });
    expect((await act(id, 'withdraw-dates')).body).toMatchObject({ status: 'pending', activate_at: null });
    expect(await published(id)).toEqual([]);
    expect(await act(id, 'withdraw-dates')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    await act(id, 'activate', { at: later });
    expect((await act(id, 'activate')).body).toMatchObject({ status: 'active', activate_at: null });
    const events = await registry.database.query(
      `SELECT type FROM registry.outbox_events WHERE data->>'id' = $1 AND cardinality(client_ids) = 1 ORDER BY seq`,
      [id],
    );
    expect(events.map(({ type }) => type)).toEqual([
      'certificate.registered',
      'certificate.activation_planned',
      'certificate.dates_withdrawn',
      'certificate.activation_planned',
      'certificate.activated',
    ]);
  });

  it('only at a date to come, within its validity', async () => {
    const id = await added({ activate: false });
    for (const at of [inDays(-1), inDays(101)]) {
      const refused = { status: 422, body: { code: 'date_impossible', errors: [{ pointer: '/at' }] } };
      expect(await act(id, 'activate', { at }), at).toMatchObject(refused);
      expect(await upload({ activate_at: at })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/activate_at' }] },
      });
    }
    for (const both of [true, false]) {
      expect(await upload({ activate: both, activate_at: inDays(1) })).toMatchObject({ status: 400 });
    }
    for (const at of [null, 'tomorrow', '2027-01-01']) expect((await act(id, 'activate', { at })).status).toBe(400);
  });

  it('only from pending; a date that has come is neither moved nor withdrawn', async () => {
    const id = await added();
    expect(await act(id, 'activate', { at: inDays(1) })).toMatchObject({ body: { code: 'invalid_transition' } });
    const due = await added({ activate_at: inDays(1) });
    await registry.database.query(`UPDATE registry.certificates SET activate_at = now() WHERE status = 'pending'`);
    expect((await act(due, 'activate', { at: inDays(2) })).body.code).toBe('invalid_transition');
    expect((await act(due, 'withdraw-dates')).body.code).toBe('invalid_transition');
    expect((await act(due, 'activate')).body.status).toBe('active');
  });

  it('replaces a certificate of the same client', async () => {
    const other = await added();
    client = await newClient();
    expect(await upload({ replaces: other })).toMatchObject({
      status: 422,
      body: { code: 'unknown_certificate', errors: [{ pointer: '/replaces' }] },
    });
    expect((await upload({ replaces: `crt_${'0'.repeat(32)}` })).body.code).toBe('unknown_certificate');
  });
});

describe('a certificate that is retired at a date', () => {
  it('stays in use until then, and is published with its date', async () => {
    const id = await added();
    const at = inDays(10);
    expect(await act(id, 'supersede', { at })).toMatchObject({
      status: 200,
      body: { status: 'active', retire_at: at },
    });
    expect(await published(id)).toMatchObject([{ retire_at: at }]);
    const moved = inDays(20);
    expect((await act(id, 'supersede', { at: moved })).body.retire_at).toBe(moved);
    expect((await act(id, 'withdraw-dates')).body).toMatchObject({ status: 'active', retire_at: null });
    await act(id, 'supersede', { at });
    expect((await act(id, 'supersede')).body).toMatchObject({ status: 'superseded', retire_at: null });
    expect((await act(id, 'activate')).body).toMatchObject({ status: 'active', retire_at: null });
  });

  it('after it is activated, and within its validity', async () => {
    const id = await added({ activate: false });
    expect((await act(id, 'supersede', { at: inDays(5) })).body.code).toBe('date_impossible');
    await act(id, 'activate', { at: inDays(5) });
    for (const at of [inDays(4), inDays(101), inDays(-1)]) {
      expect((await act(id, 'supersede', { at })).body.code).toBe('date_impossible');
    }
    const planned = (await act(id, 'supersede', { at: inDays(6) })).body;
    expect(DATES.map((date) => planned[date] !== null)).toEqual([true, true]);
    expect((await act(id, 'activate', { at: inDays(7) })).body.code).toBe('date_impossible');
    expect((await act(id, 'withdraw-dates')).body).toMatchObject({ activate_at: null, retire_at: null });
  });

  it('its successor takes its place at that moment: never more at once than the client may have', async () => {
    const [first] = [await added(), await added(), await added()];
    expect((await upload({ activate_at: inDays(10) })).body.code).toBe('too_many_certificates');
    await act(first!, 'supersede', { at: inDays(10) });
    expect((await upload({ activate_at: inDays(9) })).body.code).toBe('too_many_certificates');
    expect((await upload({ activate_at: inDays(11) })).status).toBe(201);
    // nobody takes the place that is waited for
    expect((await upload({ activate_at: inDays(10) })).body.code).toBe('too_many_certificates');
    expect((await act(first!, 'supersede', { at: inDays(12) })).body.code).toBe('too_many_certificates');
    expect((await act(first!, 'withdraw-dates')).body.code).toBe('too_many_certificates');
    expect((await act(first!, 'supersede', { at: inDays(10.5) })).status).toBe(200);
  });

  it('not where any certificate of the subject is accepted: dates would keep nobody out', async () => {
    const id = await added();
    const { certificatePem: pem } = authority;
    const anchor = (await registry.post('/v1/trust-anchors', { name: 'Partner Root', partner_id, pem })).body;
    await registry.post(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: anchor.id });
    const { version } = (await registry.call(`/v1/clients/${client}`)).body;
    const changed = await registry.patch(`/v1/clients/${client}`, { certificate_policy: 'identity_only' }, version);
    expect(changed.status).toBe(200);
    expect((await act(id, 'supersede', { at: inDays(1) })).body.code).toBe('certificates_unused');
    const waiting = await added({ activate: false });
    expect((await act(waiting, 'activate', { at: inDays(1) })).body.code).toBe('certificates_unused');
    expect((await upload({ activate_at: inDays(1) })).body.code).toBe('certificates_unused');
  });
});

describe('whether the successor was seen', () => {
  const codes = (answer: { body: { warnings: { code: string }[] } }) => answer.body.warnings.map(({ code }) => code);

  it('retiring, now or at a date, warns while it was not: never a refusal, and in a dry run too', async () => {
    const next = await issue();
    const [old, following] = [await added(), await added({}, next)];
    const dry = await registry.act(`/v1/certificates/${old}/supersede?dry_run=true`, { reason: 'because' });
    const unseen = { code: 'successor_unseen', certificate_ids: [following] };
    expect(dry).toMatchObject({ status: 200, headers: { 'x-dry-run': 'true' }, body: { warnings: [unseen] } });
    expect(await act(old, 'supersede', { at: inDays(1) })).toMatchObject({ status: 200, body: { warnings: [unseen] } });
    await seen(next);
    expect(codes(await act(old, 'supersede'))).toEqual([]);
    expect(await read(following)).toMatchObject({
      first_seen_at: '2026-01-01T00:00:00.000Z',
      last_seen_at: '2026-01-02T00:00:00.000Z',
    });
  });

  it('the one that replaces it counts alone: another system may use the others', async () => {
    const [other, next] = [await issue(), await issue()];
    const [old] = [await added(), await added({}, other)];
    await added({ replaces: old }, next);
    await seen(other);
    expect(codes(await act(old, 'supersede', { at: inDays(1) }))).toEqual(['successor_unseen']);
    await seen(next);
    expect(codes(await act(old, 'supersede', { at: inDays(1) }))).toEqual([]);
  });

  it('there may be none at all: then nobody obtains a token any more', async () => {
    const id = await added();
    expect(codes(await act(id, 'supersede', { at: inDays(1) }))).toEqual(['successor_unseen']);
    const later = await added({ activate_at: inDays(2) });
    const answer = await act(id, 'supersede', { at: inDays(1) });
    expect(answer.body.warnings).toMatchObject([{ certificate_ids: [] }]);
    expect((await act(id, 'supersede', { at: inDays(3) })).body.warnings[0].certificate_ids).toEqual([later]);
  });

  it('lists say when each was seen, with one question', async () => {
    const [one, two] = [await issue(), await issue()];
    const ids = [await added({}, one), await added({}, two)];
    await seen(two);
    for (const path of [`/v1/clients/${client}/certificates`, `/v1/certificates?client_id=${client}`]) {
      const { items } = (await registry.call(path)).body;
      expect(items.map(({ id, last_seen_at }: Record<string, unknown>) => [id, last_seen_at !== null])).toEqual([
        [ids[0], false],
        [ids[1], true],
      ]);
    }
  });
});

describe('operators', () => {
  it('a date may leave nobody who could operate the registry no more than now', async () => {
    const { items } = (await registry.call(`/v1/clients/${registry.operatorClientId}/certificates`)).body;
    const { id } = items[0];
    expect(await act(id, 'supersede', { at: inDays(1) })).toMatchObject({
      status: 409,
      body: { code: 'last_operator' },
    });
    const second = await registry.authority.issueClient({ subject: 'CN=operator,O=Platform' });
    const path = `/v1/clients/${registry.operatorClientId}/certificates`;
    const next = await registry.post(path, { pem: second.certificatePem, activate_at: inDays(0.5) });
    expect(next.status).toBe(201);
    expect((await act(id, 'supersede', { at: inDays(0.25) })).body.code).toBe('last_operator');
    expect((await act(id, 'supersede', { at: inDays(0.75) })).status).toBe(200);
    // what the plan rests on
    for (const [action, more] of [
      ['supersede', {}],
      ['withdraw-dates', {}],
      ['activate', { at: inDays(0.8) }],
    ] as const) {
      expect((await act(next.body.id, action, more)).body.code, action).toBe('last_operator');
    }
    expect((await act(next.body.id, 'supersede', { at: inDays(0.9) })).body.code).toBe('last_operator');
    expect((await act(id, 'withdraw-dates')).status).toBe(200);
    expect((await act(next.body.id, 'supersede')).status).toBe(200);
  });

  it('the registry’s own certificate no more', async () => {
    const { items } = (await registry.call(`/v1/clients/${registry.registryClientId}/certificates`)).body;
    const answer = await act(items[0].id, 'supersede', { at: inDays(1) });
    expect(answer).toMatchObject({ status: 409, body: { code: 'registry_client_needed' } });
  });
});
