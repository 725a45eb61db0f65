import { createAuthority } from '@partner-ecosystem/test-pki';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataSourceOptions } from '../database/data-source.js';
import { startRegistry, type TestRegistry } from '../registry.testing.js';
import { AFFECTED } from './affected-clients.js';
import { SUSPENDED } from './certain-effect.js';
import { countEffects } from './count-effects.js';

const CLIENTS = 5_000;
const WITH_ANOTHER = 20;

let registry: TestRegistry;
let partner: string;
let anchor: string;
let another: string;

const uuidOf = (shown: string) => shown.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const made = async (path: string, json: object): Promise<string> => {
  const answer = await registry.post(path, json);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
};

beforeAll(async () => {
  registry = await startRegistry();
  const [authority, stranger] = await Promise.all([
    createAuthority({ name: 'CA' }),
    createAuthority({ name: 'Other' }),
  ]);
  partner = await made('/v1/partners', { slug: 'many', legal_name: 'Many' });
  await registry.act(`/v1/partners/${partner}/activate`, { reason: 'seeded' });
  anchor = await made('/v1/trust-anchors', { name: 'CA', partner_id: partner, pem: authority.certificatePem });
  another = await made('/v1/trust-anchors', { name: 'Other', partner_id: partner, pem: stranger.certificatePem });
  const client = await made('/v1/clients', { partner_id: partner, client_name: 'The first one' });
  await registry.post(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: anchor });
  const { certificatePem: pem } = await authority.issueClient({ subject: 'CN=many' });
  const certificate = await made(`/v1/clients/${client}/certificates`, { pem });
  await registry.act(`/v1/clients/${client}/activate`, { reason: 'seeded' });
  await copies(uuidOf(client), uuidOf(certificate));
}, 300_000);

afterAll(() => registry?.stop());

/** The client, its certificate and its link again and again; every other one was seen, and some have a second anchor. */
async function copies(client: string, certificate: string): Promise<void> {
  const columns = async (table: string, own: readonly string[]) => {
    const sql = `SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped`;
    const rows = await registry.database.query(sql, [`registry.${table}`], registry.database.adminUrl);
    return rows.map(({ attname }) => attname as string).filter((name) => !own.includes(name));
  };
  const run = (sql: string, values: unknown[] = []) => registry.database.query(sql, values, registry.database.adminUrl);
  const ofClients = await columns('clients', ['id']);
  const seeded = "md5('client' || n)::uuid";
  await run(
    `INSERT INTO registry.clients (id, ${ofClients.join()}) SELECT ${seeded}, ${ofClients.join()}
      FROM registry.clients, generate_series(2, $2::int) n WHERE id = $1`,
    [client, CLIENTS],
  );
  const ofCertificates = await columns('certificates', ['id', 'client_id', 'sha256', 'tbs_sha256']);
  await run(
    `INSERT INTO registry.certificates (client_id, sha256, tbs_sha256, ${ofCertificates.join()})
     SELECT ${seeded}, encode(sha256(n::text::bytea), 'hex'), encode(sha256(n::text::bytea), 'hex'), ${ofCertificates.join()}
      FROM registry.certificates, generate_series(2, $2::int) n WHERE id = $1`,
    [certificate, CLIENTS],
  );
  await run(
    `INSERT INTO registry.client_trust_anchors (client_id, trust_anchor_id, partner_id)
     SELECT ${seeded}, $1::uuid, $3::uuid FROM generate_series(2, $2::int) n
     UNION ALL SELECT ${seeded}, $4::uuid, $3::uuid FROM generate_series(2, $5::int + 1) n`,
    [uuidOf(anchor), CLIENTS, uuidOf(partner), uuidOf(another), WITH_ANOTHER],
  );
  await run(
    `INSERT INTO token.certificate_seen SELECT rtrim(translate(encode(sha256(n::text::bytea), 'base64'), '+/', '-_'), '='),
      now(), now() FROM generate_series(2, $1::int, 2) n`,
    [CLIENTS],
  );
  await run('ANALYZE');
}

async function answered(path: string) {
  const { status, body } = await registry.call(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe('of an anchor and a partner with very many clients', () => {
  const EVERYBODY = {
    clients: CLIENTS,
    cut_off: CLIENTS,
    cut_off_used_last_7_days: Math.floor(CLIENTS / 2),
    loses_certificates: 0,
    loses_default_audience: 0,
    none: 0,
    undecided: 0,
  };

  const UNDECIDED = { ...EVERYBODY, cut_off: 0, cut_off_used_last_7_days: 0, undecided: CLIENTS };
  /** Where it took longer than an answer may, all are undecided: a slow machine may come to that. */
  const expectCounted = (totals: object) => expect([EVERYBODY, UNDECIDED]).toContainEqual(totals);

  it.each(['partners', 'trust-anchors'])('%s: everybody is counted, and no more than a page is tried', async (kind) => {
    const [id, change] = kind === 'partners' ? [partner, 'suspend'] : [anchor, 'retire'];
    const path = `/v1/${kind}/${id}/impact?change=${change}`;
    const { totals, items, next_cursor } = await answered(path);
    expectCounted(totals);
    expect(items).toHaveLength(50);
    expect(items.every(({ effect }: { effect: string }) => effect === 'cut_off')).toBe(true);
    const next = await answered(`${path}&limit=100&cursor=${next_cursor}`);
    expect(next.items).toHaveLength(100);
  });

  it('without any list to require, everybody too', async () => {
    const { totals } = await answered(`/v1/trust-anchors/${anchor}/impact?change=crl_mode:require&limit=5`);
    expectCounted(totals);
  });

  it('what takes too long to be counted is undecided, and still answered', async () => {
    const database = await new DataSource(dataSourceOptions(registry.database.runtimeUrl)).initialize();
    try {
      const question = { affected: AFFECTED.ofPartner, effect: SUSPENDED, id: uuidOf(partner), now: new Date() };
      const { totals, toJudge } = await countEffects(database, { ...question, patienceMs: 1 });
      expect([totals, toJudge]).toEqual([UNDECIDED, []]);
      expect((await countEffects(database, { ...question, patienceMs: 120_000 })).totals).toEqual(EVERYBODY);
    } finally {
      await database.destroy();
    }
  });

  it('nobody is counted by guessing: those who would have to be judged are said to be undecided', async () => {
    const { totals } = await answered(`/v1/trust-anchors/${anchor}/impact?change=crl_mode:off&limit=1`);
    expect(totals).toEqual(UNDECIDED);
  });
});
