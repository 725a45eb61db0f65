import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { createLogger } from '@partner-ecosystem/platform/logging';
import { createAuthority, type Authority, type LeafOptions } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDatabase, type TestDatabase } from '../database/database.testing.js';
import { showIdentifier } from '../identifiers/identifier.js';
import { ScheduledWork } from '../scheduled-work/scheduled-work.js';
import { JobsModule } from './jobs-module.testing.js';
import { startStatementGate, type StatementGate } from './statement-gate.testing.js';

// One replica of the jobs, built, as a process of its own, is ended with SIGKILL when its first statement has reached
// Postgres; another one at its second; and so on until one comes through. After each death another replica does the rest.
// For every certificate there must be one of everything then, however far the dead one had come.

const DAY = 86_400_000;
// One death takes a second, mostly to start another replica: each run tries a quarter of the statements, another one each
// time; KILL_AT=every tries them all.
const STEP = process.env['KILL_AT'] === 'every' ? 1 : 4;
const DIST = new URL('../../dist/', import.meta.url);
// Waits for a line before it begins, and says when it is done: what a process does to start is not counted. Only the jobs
// and what they are made of: with routes and documentation it would take twice as long to start, some sixty times.
const REPLICA = `
import 'reflect-metadata';
import { once } from 'node:events';
import { DataSource } from 'typeorm';
const dist = (path) => import(new URL(path, ${JSON.stringify(DIST.href)}));
const { createLogger } = await import('@partner-ecosystem/platform/logging');
const { dataSourceOptions } = await dist('database/data-source.js');
const { Mutations } = await dist('mutations/mutations.js');
const { ScheduledWork } = await dist('scheduled-work/scheduled-work.js');
const { CERTIFICATE_SCHEDULE_SETTINGS } = await dist('certificate-schedule/certificate-schedule-settings.js');
const { ActivateDue } = await dist('certificate-schedule/activate-due.js');
const { RetireDue } = await dist('certificate-schedule/retire-due.js');
const { ExpireDue } = await dist('certificate-schedule/expire-due.js');
const { GiveNotices } = await dist('expiry/give-notices.js');
const logger = createLogger({ name: 'jobs', version: 'spec', level: 'silent' });
const identity = { audience: 'https://registry.test', issuer: 'https://issuer.test' };
const database = await new DataSource(dataSourceOptions(process.env.DATABASE_URL)).initialize();
const made = new Map([
  [DataSource, database], [Mutations, Mutations.on(database)], [CERTIFICATE_SCHEDULE_SETTINGS, { identity, logger }],
  [ScheduledWork, new ScheduledWork({ enabled: false, logger })],
]);
const make = (type) => {
  if (!made.has(type)) {
    const named = (Reflect.getMetadata('self:paramtypes', type) ?? []).map(({ index, param }) => [index, param]);
    const types = Object.assign([...(Reflect.getMetadata('design:paramtypes', type) ?? [])], Object.fromEntries(named));
    made.set(type, new type(...types.map(make)));
  }
  return made.get(type);
};
for (const job of [ActivateDue, RetireDue, ExpireDue, GiveNotices]) make(job).onModuleInit();
process.stdout.write('ready\\n');
await once(process.stdin, 'data');
for (const task of make(ScheduledWork).tasks) await task.run(new Date(), new AbortController().signal);
process.stdout.write('done\\n');
process.exit(0);
`;

let database: TestDatabase;
let authority: Authority;
let survivor: INestApplicationContext;
const started: Replica[] = [];

beforeAll(async () => {
  [database, authority] = await Promise.all([startDatabase(), createAuthority({ name: 'CA' })]);
  const logger = createLogger({ name: 'jobs', version: 'spec', level: 'silent' });
  survivor = await NestFactory.createApplicationContext(JobsModule.on(database.runtimeUrl, logger), { logger: false });
});
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await survivor?.close();
  await Promise.all(started.map(({ gate }) => gate.stop()));
  await database?.stop();
});

/** What has to happen to each of the four certificates of one scene, once. */
const FATES = {
  activated: { status: 'active', event: 'certificate.activated', feed: [], notices: [] },
  retired: { status: 'superseded', event: 'certificate.superseded', feed: ['off'], notices: [] },
  expired: { status: 'expired', event: 'certificate.expired', feed: [], notices: [] },
  noticed: { status: 'active', event: 'certificate.expires_soon', feed: [], notices: [7] },
} as const;
type Fate = keyof typeof FATES;
type Scene = Record<Fate, { id: string; thumbprint: string }>;

const admin = (sql: string, values: unknown[]) => database.query(sql, values, database.adminUrl);
const from = (ms: number) => new Date(Date.now() + ms);

async function setScene(): Promise<Scene> {
  const slug = `p-${Math.random().toString(36).slice(2)}`;
  const [partner] = await admin(
    `INSERT INTO registry.partners (slug, legal_name, status) VALUES ($1, 'Acme', 'active') RETURNING id`,
    [slug],
  );
  const [client] = await admin(
    `INSERT INTO registry.clients (partner_id, client_name, environment, status, tls_client_auth_subject_dn, max_active_certificates)
     VALUES ($1, 'Importer', 'production', 'active', 'CN=importer', 10) RETURNING id`,
    [partner.id],
  );
  const owner = { client: client.id, partner: partner.id };
  const year = { notAfter: from(365 * DAY) };
  const [activated, retired, expired, noticed] = await Promise.all([
    addCertificate(owner, year, { status: 'pending', activate_at: from(-1_000) }),
    addCertificate(owner, year, { status: 'active', retire_at: from(-1_000) }),
    addCertificate(owner, { notBefore: from(-2 * DAY), notAfter: from(-DAY) }, { status: 'active' }),
    addCertificate(owner, { notAfter: from(5 * DAY) }, { status: 'active' }),
  ]);
  return { activated, retired, expired, noticed };
}

async function addCertificate(
  owner: { client: string; partner: string },
  validity: Partial<LeafOptions>,
  planned: { status: string; activate_at?: Date; retire_at?: Date },
) {
  const { certificatePem } = await authority.issueClient({ subject: 'CN=importer', ...validity });
  const it = parseCertificate(certificatePem);
  const key = 'INSERT INTO registry.public_keys (spki_sha256, partner_id) VALUES ($1, $2)';
  await admin(key, [it.spkiSha256, owner.partner]);
  const [row] = await admin(
    `INSERT INTO registry.certificates (client_id, partner_id, source, status, activate_at, retire_at, pem, sha256, spki_sha256, serial,
       subject_dn, issuer_dn, subject_alternative_names, key, not_before, not_after, checks, tbs_sha256)
     VALUES ($1, $13, 'uploaded', $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', '{"type":"ec"}', $11, $12, '[]', $14) RETURNING id`,
    [
      ...[
        owner.client,
        planned.status,
        planned.activate_at,
        planned.retire_at,
        certificatePem,
        it.sha256,
        it.spkiSha256,
      ],
      ...[it.serial, it.subject.text, it.issuer.text, it.notBefore, it.notAfter, owner.partner, it.tbsSha256],
    ],
  );
  return { id: String(row.id), thumbprint: it.thumbprint };
}

interface Replica {
  readonly child: ChildProcess;
  /** its own: what another one does to start is not counted */
  readonly gate: StatementGate;
  readonly ready: Promise<unknown>;
}

async function startReplica(): Promise<Replica> {
  const gate = await startStatementGate(database.runtimeUrl);
  const env = { PATH: process.env['PATH'], DATABASE_URL: gate.url };
  const cwd = fileURLToPath(new URL('..', DIST));
  const child = spawn(process.execPath, ['--input-type=module', '-e', REPLICA], {
    env,
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the replica ended too early')));
  ended.catch(() => undefined);
  const ready = Promise.race([once(child.stdout!, 'data'), ended]);
  ready.catch(() => undefined);
  const replica = { child, gate, ready };
  started.push(replica);
  return replica;
}

/** The first of those that are starting, or the next: on a busy machine Postgres may not answer one in time. */
async function readyOne(starting: Replica[], attempts = 10): Promise<Replica> {
  const replica = starting.shift() ?? (await startReplica());
  try {
    await replica.ready;
    return replica;
  } catch (error) {
    if (attempts === 1) throw error;
    return readyOne(starting, attempts - 1);
  }
}

/** Whether it came through before its nth statement. */
async function runUntil({ child, gate }: Replica, nth: number): Promise<boolean> {
  const exit = once(child, 'exit');
  gate.arm(nth, () => child.kill('SIGKILL'));
  child.stdin!.write('go\n');
  const [code] = (await exit) as [number | null];
  return code === 0;
}

/**
 * Everything that is left, by another replica, which passes over what the dead one's connection still holds. A round that
 * fails (on a busy machine Postgres may not answer in time) is followed by another one, as in the registry.
 */
async function finish(scene: Scene): Promise<void> {
  const { tasks } = survivor.get(ScheduledWork);
  await vi.waitFor(
    async () => {
      for (const task of tasks) await task.run(new Date(), new AbortController().signal);
      const left = Object.entries(await stateOf(scene)).filter(([, { audited }]) => audited.length === 0);
      expect(left).toEqual([]);
    },
    { timeout: 240_000, interval: 20 },
  );
}

async function stateOf(scene: Scene) {
  const found = await Promise.all(
    Object.entries(scene).map(async ([fate, { id, thumbprint }]) => {
      const shown = showIdentifier('crt', id);
      const [row] = await admin(
        `SELECT status,
           (SELECT coalesce(jsonb_agg(e.action), '[]') FROM registry.audit_events e
             JOIN registry.audit_event_targets t ON t.seq = e.seq AND t.target = $2) AS audited,
           (SELECT coalesce(jsonb_agg(o.type), '[]') FROM registry.outbox_events o
             WHERE $2 IN (o.data->>'id', o.data->>'certificate_id')) AS announced,
           (SELECT coalesce(jsonb_agg(r.mode), '[]') FROM token.revocation r WHERE r.subject->>'thumbprint' = $3) AS feed,
           (SELECT coalesce(jsonb_agg(n.days_left), '[]') FROM registry.certificate_notices n WHERE n.certificate_id = $1) AS notices
           FROM registry.certificates WHERE id = $1`,
        [id, shown, thumbprint],
      );
      return [fate, row] as const;
    }),
  );
  return Object.fromEntries(found) as Record<Fate, Record<string, unknown> & { audited: string[] }>;
}

const EXPECTED = Object.fromEntries(
  Object.entries(FATES).map(([fate, { event, ...state }]) => [
    fate,
    { ...state, audited: [event], announced: [event] },
  ]),
);

describe('a replica of the jobs that is killed', () => {
  it(
    'at whatever statement: each transition, event, feed entry and notice is there once',
    { timeout: 900_000 },
    async () => {
      // to start one takes longer than all the rest
      const waiting = [await startReplica(), await startReplica()];
      const first = 1 + Math.floor(Math.random() * STEP);
      for (let nth = first, scenes = 1; ; nth += STEP, scenes++) {
        const scene = await setScene();
        waiting.push(await startReplica());
        const through = await runUntil(await readyOne(waiting), nth);
        await finish(scene);
        expect(await stateOf(scene), `killed at statement ${nth}`).toEqual(EXPECTED);
        if (!through) continue;
        // four transactions, each with a beginning, locks, a change, its records and an end
        expect(nth).toBeGreaterThan(4 * 8);
        const [{ recorded, newest }] = await admin(
          `SELECT last_seq::int AS recorded, (SELECT count(*)::int FROM token.revocation) AS newest FROM token.revocation_counter`,
          [],
        );
        expect([recorded, newest]).toEqual([scenes, scenes]);
        return;
      }
    },
  );
});
