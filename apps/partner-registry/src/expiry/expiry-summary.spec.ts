import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry, type TestAnswer, type TestRegistry } from '../registry.testing.js';

const DAY = 86_400_000;

let registry: TestRegistry;
let number = 0;
const partners: string[] = [];

const idOf = ({ status, body }: TestAnswer): string => {
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
};
const read = async (path: string) => (await registry.call(path)).body;

async function newClient(partner_id: string, environment: string): Promise<string> {
  return idOf(await registry.post('/v1/clients', { partner_id, client_name: `Importer ${++number}`, environment }));
}

async function upload(client: string, days: number, fields: object = {}) {
  const notAfter = new Date(Date.now() + days * DAY + 3_600_000);
  const { tls_client_auth_subject_dn: registered } = await read(`/v1/clients/${client}`);
  const subject = registered ?? `CN=importer-${++number},O=Acme`;
  const issued = await registry.authority.issueClient({ subject, notAfter });
  const id = idOf(await registry.post(`/v1/clients/${client}/certificates`, { pem: issued.certificatePem, ...fields }));
  return { id, issued };
}

const seen = ({ thumbprint }: Issued) =>
  registry.database.query(
    `INSERT INTO token.certificate_seen VALUES ($1, now(), now())`,
    [thumbprint],
    registry.database.adminUrl,
  );

beforeAll(async () => {
  registry = await startRegistry({ scheduledWork: false });
  for (const slug of ['one', 'two']) {
    partners.push(idOf(await registry.post('/v1/partners', { slug, legal_name: `Company ${slug}` })));
  }
  const [one, two] = partners as [string, string];
  // replaced by one that was seen; by one that was not; followed by one in use that was seen; and by nothing
  const rotated = await newClient(one, 'production');
  const old = await upload(rotated, 2);
  await seen((await upload(rotated, 200, { replaces: old.id })).issued);
  const unseen = await newClient(one, 'production');
  const waiting = await upload(unseen, 5);
  await upload(unseen, 200, { replaces: waiting.id });
  const followed = await newClient(one, 'production');
  await upload(followed, 6);
  await seen((await upload(followed, 80)).issued);
  await upload(await newClient(one, 'production'), 29);
  await upload(await newClient(two, 'sandbox'), 0);
  const gone = await upload(await newClient(two, 'sandbox'), 40);
  await registry.act(`/v1/certificates/${gone.id}/revoke`, { reason: 'unspecified' });
  const late = await upload(await newClient(two, 'sandbox'), 1);
  await registry.database.query(
    `UPDATE registry.certificates SET not_before = now() - interval '9 days', not_after = now() - interval '2 days'
      WHERE client_id = (SELECT client_id FROM registry.certificates WHERE 'crt_' || replace(id::text, '-', '') = $1)`,
    [late.id],
    registry.database.adminUrl,
  );
}, 300_000);

afterAll(() => registry?.stop());

describe('the summary of what expires', () => {
  interface Summary {
    items: {
      environment: string;
      expired: { certificates: number; successor_seen: number };
      within: { days: number; certificates: number; successor_seen: number }[];
    }[];
    complete: boolean;
  }

  async function summary(query = ''): Promise<Record<string, string>> {
    const { items, complete }: Summary = await read(`/v1/certificates/expiry-summary${query}`);
    expect(complete).toBe(true);
    const shown = ({ certificates, successor_seen }: { certificates: number; successor_seen: number }) =>
      `${certificates}/${successor_seen}`;
    return Object.fromEntries(
      items.map(({ environment, expired, within }) => [
        environment,
        [`expired ${shown(expired)}`, ...within.map((one) => `${one.days} ${shown(one)}`)].join(', '),
      ]),
    );
  }

  it('counts active certificates by days left, each number with the nearer ones, and whose successor was seen', async () => {
    const everybody = await summary();
    expect(await summary(`?partner_id=${partners[0]}`)).toMatchObject({
      production: 'expired 0/0, 1 0/0, 3 1/1, 7 3/2, 14 3/2, 30 4/2, 60 4/2, 90 5/2',
    });
    expect(everybody).toMatchObject({
      sandbox: 'expired 1/0, 1 1/0, 3 1/0, 7 1/0, 14 1/0, 30 1/0, 60 1/0, 90 1/0',
      // the platform's own two last longer
      production: 'expired 0/0, 1 0/0, 3 1/1, 7 3/2, 14 3/2, 30 4/2, 60 4/2, 90 5/2',
    });
  });

  it('of one environment, and of one partner', async () => {
    expect(Object.keys(await summary('?environment=sandbox'))).toEqual(['sandbox']);
    expect(await summary(`?environment=production&partner_id=${partners[1]}`)).toEqual({
      production: 'expired 0/0, 1 0/0, 3 0/0, 7 0/0, 14 0/0, 30 0/0, 60 0/0, 90 0/0',
    });
    expect((await registry.call('/v1/certificates/expiry-summary?environment=test')).status).toBe(400);
  });
});

describe('the list of certificates', () => {
  const days = async (query: string): Promise<number[]> =>
    (await read(`/v1/certificates?${query}`)).items.map((item: { days_left: number }) => item.days_left);

  it('by days left: what has not expired, the first to expire first, with client and partner', async () => {
    const { items } = await read('/v1/certificates?expires_within_days=7&status=active');
    expect(items.map((item: { days_left: number }) => item.days_left)).toEqual([0, 2, 5, 6]);
    expect(items[1]).toMatchObject({
      client_name: expect.stringMatching(/^Importer \d+$/),
      partner_id: partners[0],
      partner_name: 'Company one',
    });
    expect(await days('expires_within_days=1')).toEqual([0]);
  });

  it('in pages', async () => {
    const path = `/v1/certificates?expires_within_days=30&status=active&partner_id=${partners[0]}&limit=3`;
    const first = await read(path);
    const next = await read(`${path}&cursor=${first.next_cursor}`);
    const left = [first, next].map(({ items }) => items.map((item: { days_left: number }) => item.days_left));
    expect(left).toEqual([[2, 5, 6], [29]]);
    expect(next.next_cursor).toBeNull();
  });

  it('of one partner, by expiry or by age', async () => {
    expect(await days(`expires_within_days=7&partner_id=${partners[0]}`)).toEqual([2, 5, 6]);
    const { items } = await read(`/v1/certificates?partner_id=${partners[1]}`);
    expect(items).toHaveLength(3);
    expect(items.every((item: { partner_id: string }) => item.partner_id === partners[1])).toBe(true);
  });

  it.each(['0', '1000', '-1', '1.5', 'soon', `7&expires_before=2030-01-01T00:00:00Z`])(
    'does not take expires_within_days=%s',
    async (value) => {
      const answer = await registry.call(`/v1/certificates?expires_within_days=${value}`);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/expires_within_days' }] } });
    },
  );
});
