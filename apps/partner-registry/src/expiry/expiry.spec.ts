import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createLogger } from '@partner-ecosystem/platform/logging';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobsModule } from '../certificate-schedule/jobs-module.testing.js';
import { startRegistry, type TestRegistry } from '../registry.testing.js';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import { CertificatesByDaysLeft } from './certificates-by-days-left.js';

const DAY = 86_400_000;

let registry: TestRegistry;
let authority: Authority;
/** Two processes, so to speak, that do the jobs when they are told to, at whatever time it is said to be. */
let jobs: INestApplicationContext[];
const log: Record<string, unknown>[] = [];
let client: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry({ scheduledWork: false });
  authority = await createAuthority({ name: 'Partner Root' });
  const destination = { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = createLogger({ name: 'jobs', version: 'spec', level: 'info', destination });
  const start = () =>
    NestFactory.createApplicationContext(JobsModule.on(registry.database.runtimeUrl, logger), { logger: false });
  jobs = [await start(), await start()];
});
afterAll(async () => {
  await Promise.all(jobs.map((one) => one.close()));
  await registry?.stop();
});

beforeEach(async () => {
  // nobody else's certificates are noticed
  await registry.database.query(
    `UPDATE registry.certificates SET status = 'expired' WHERE status <> 'revoked' AND subject_dn = 'CN=importer'`,
    [],
    registry.database.adminUrl,
  );
  const partner = { slug: `partner-${++number}`, legal_name: 'Acme' };
  const { id: partner_id } = (await registry.post('/v1/partners', partner)).body;
  client = (await registry.post('/v1/clients', { partner_id, client_name: 'Importer', environment: 'production' })).body
    .id;
});

const issue = (days: number) =>
  authority.issueClient({ subject: 'CN=importer', notAfter: new Date(Date.now() + days * DAY + 60_000) });
const upload = async (issued: Issued, json: object = {}): Promise<string> =>
  (await registry.post(`/v1/clients/${client}/certificates`, { pem: issued.certificatePem, ...json })).body.id;
const seen = ({ thumbprint }: Issued) =>
  registry.database.query(
    `INSERT INTO token.certificate_seen (thumbprint, first_seen_at, last_seen_at) VALUES ($1, now(), now())`,
    [thumbprint],
    registry.database.adminUrl,
  );

/** Both at once. They look at the clock themselves, so that is what is moved. */
async function giveNotices(inDays = 0): Promise<void> {
  const at = new Date(Date.now() + inDays * DAY);
  vi.useFakeTimers({ now: at, toFake: ['Date'] });
  try {
    const { signal } = new AbortController();
    const tasks = jobs.map((one) => one.get(ScheduledWork).tasks.find(({ name }) => name.startsWith('notice'))!);
    await Promise.all(tasks.map((task) => task.run(new Date(), signal)));
    // one that found the other at it has another look
    await tasks[0]!.run(new Date(), signal);
  } finally {
    vi.useRealTimers();
  }
}
async function noticesOf(id: string): Promise<number[]> {
  const sql = `SELECT data FROM registry.outbox_events WHERE type = 'certificate.expires_soon' AND data->>'certificate_id' = $1 ORDER BY seq`;
  const events = (await registry.database.query(sql, [id])).map(({ data }) => data as { notice: number });
  const lines = log.filter((line) => line['certificate_id'] === id).map(({ notice }) => notice);
  expect(lines).toEqual(events.map(({ notice }) => notice));
  return events.map(({ notice }) => notice);
}

describe('notices before a certificate runs out', () => {
  it('once at each threshold, on however many replicas, and nothing in between', async () => {
    const id = await upload(await issue(70));
    const days = [0, 5, 9, 10.5, 11, 20, 41, 50, 57, 60, 64, 66, 67.5, 69.5, 69.9];
    for (const day of days) await giveNotices(day);
    expect(await noticesOf(id)).toEqual([60, 30, 14, 7, 3, 1]);
  });

  it('of several that are due the nearest alone; its event says whose it is and how long it has', async () => {
    const issued = await issue(5);
    const id = await upload(issued);
    await giveNotices();
    await giveNotices();
    expect(await noticesOf(id)).toEqual([7]);
    const [{ data }] = await registry.database.query(
      `SELECT data FROM registry.outbox_events WHERE type = 'certificate.expires_soon' AND data->>'certificate_id' = $1`,
      [id],
    );
    expect(data).toMatchObject({
      client_id: client,
      environment: 'production',
      subject_dn: 'CN=importer',
      thumbprint: issued.thumbprint,
      days_left: 5,
      notice: 7,
      successors: [],
    });
    const audited = await registry.call(`/v1/audit-events?target=${id}&action=certificate.expires_soon`);
    expect(audited.body.items).toMatchObject([{ actor: { client_id: 'job:notice-expiring-certificates' } }]);
  });

  it('end when the successor was seen, and go on when that one is revoked', async () => {
    const next = await issue(300);
    const id = await upload(await issue(29));
    await giveNotices();
    const following = await upload(next);
    await giveNotices(16);
    expect(await noticesOf(id)).toEqual([30, 14]);
    await seen(next);
    await giveNotices(23);
    expect(await noticesOf(id)).toEqual([30, 14]);
    await registry.act(`/v1/certificates/${following}/revoke`, { reason: 'superseded' });
    await giveNotices(27);
    expect(await noticesOf(id)).toEqual([30, 14, 3]);
  });

  it('one that ends first is no successor, and where one is appointed no other one is', async () => {
    const [sooner, other, appointed] = [await issue(2), await issue(300), await issue(300)];
    const id = await upload(await issue(20));
    await upload(sooner);
    await seen(sooner);
    await giveNotices();
    expect(await noticesOf(id)).toEqual([30]);
    await upload(other);
    await seen(other);
    await registry.database.query(`UPDATE registry.certificates SET status = 'superseded' WHERE sha256 = $1`, [
      Buffer.from(sooner.thumbprint, 'base64url').toString('hex'),
    ]);
    await giveNotices(7);
    expect(await noticesOf(id)).toEqual([30]);
    await upload(appointed, { replaces: id });
    await giveNotices(14);
    expect(await noticesOf(id)).toEqual([30, 7]);
    await seen(appointed);
    await giveNotices(18);
    expect(await noticesOf(id)).toEqual([30, 7]);
  });

  it('not for a certificate that is not in use', async () => {
    const pending = await upload(await issue(5), { activate: false });
    await giveNotices();
    expect(await noticesOf(pending)).toEqual([]);
  });
});

describe('metrics', () => {
  it('count active certificates by environment and days left, those with fewer days among them', async () => {
    const countsOf = async (one: INestApplicationContext, environment: string) => {
      const counts = await one.get(CertificatesByDaysLeft).counts();
      const own = counts.filter((count) => count.environment === environment);
      return Object.fromEntries(own.map(({ withinDays, certificates }) => [withinDays, certificates]));
    };
    const before = await countsOf(jobs[0]!, 'production');
    for (const days of [2, 5]) await upload(await issue(days));
    await upload(await issue(90));
    await upload(await issue(1.5), { activate: false });
    expect(await countsOf(jobs[0]!, 'production')).toEqual(before); // kept for a while
    const after = await countsOf(jobs[1]!, 'production');
    const more = Object.entries(after).map(([days, count]) => [Number(days), count - before[days]!]);
    expect(more).toEqual([1, 3, 7, 14, 30, 60].map((days, at) => [days, Math.min(at, 2)]));
    expect(await countsOf(jobs[1]!, 'sandbox')).toEqual({ 1: 0, 3: 0, 7: 0, 14: 0, 30: 0, 60: 0 });
    expect(await registry.metrics()).toMatch(
      /^certificates_expiring\{(?=[^}]*environment="production")(?=[^}]*within_days="7")[^}]*\} \d+$/m,
    );
  });
});
