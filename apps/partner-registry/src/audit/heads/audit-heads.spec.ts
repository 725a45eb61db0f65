import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AUDIENCE, startRegistry, type TestRegistry } from '../../registry.testing.js';

const EVERY_MS = 100;
const SOON = { timeout: 240_000, interval: 20 };

let folder: string;
let directory: string;
let key: KeyObject;
let keyPem: string;
let registry: TestRegistry;
let number = 0;
let started: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-heads-'));
  directory = join(folder, 'exported');
  await mkdir(directory);
  keyPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  key = createPrivateKey(keyPem);
  started = performance.now();
  registry = await startRegistry({ auditHeads: { directory, key, intervalMs: EVERY_MS } });
});

afterAll(async () => {
  await registry?.stop();
  await rm(folder, { recursive: true });
});

const createPartner = () =>
  registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' }).then(({ body }) => body);
const admin = (sql: string) => registry.database.query(sql, [], registry.database.adminUrl);
const files = async (of = directory): Promise<string[]> =>
  (await readdir(of)).filter((name) => name.endsWith('.jws')).sort();
const statementIn = async (name: string): Promise<string> => (await readFile(join(directory, name), 'utf8')).trim();
const claimsOf = async (name: string) => decodeJwt<{ seq: number; hash: string }>(await statementIn(name));
const head = async (): Promise<{ seq: number; hash: string }> => {
  const [row] = await registry.database.query('SELECT seq::int, hash FROM registry.audit_head');
  return row;
};
const logged = (text: string): string[] => registry.log.filter((line) => line.includes(text));
const age = async (): Promise<number> =>
  Number(/^audit_head_export_age_seconds(?:\{.*\})? (\S+)$/m.exec(await registry.metrics())?.[1]);

/** A statement of the present head, once it is exported. */
async function exportedNow(): Promise<string> {
  return vi.waitFor(async () => {
    const last = (await files()).at(-1)!;
    expect((await claimsOf(last)).seq).toBe((await head()).seq);
    return last;
  }, SOON);
}

describe('the running registry', () => {
  it('exports what its head is, signed, every so often', async () => {
    const earliest = Math.floor(Date.now() / 1_000);
    await createPartner();
    const statement = await statementIn(await exportedNow());
    const options = { issuer: AUDIENCE, typ: 'audit-head+jwt', algorithms: ['ES256'] };
    const { payload, protectedHeader } = await jwtVerify(statement, createPublicKey(key), options);
    expect(payload).toEqual({ iss: AUDIENCE, iat: expect.any(Number), ...(await head()) });
    expect(payload.iat).toBeGreaterThanOrEqual(earliest);
    expect(payload.iat).toBeLessThanOrEqual(Date.now() / 1_000);
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'audit-head+jwt', kid: expect.any(String) });
  });

  it('adds a file each time, and neither changes nor removes one', async () => {
    const before = await files();
    const contents = await Promise.all(before.map(statementIn));
    await vi.waitFor(async () => expect((await files()).length).toBeGreaterThan(before.length + 1), SOON);
    expect(await Promise.all(before.map(statementIn))).toEqual(contents);
    expect((await stat(join(directory, before[0]!))).mode & 0o222).toBe(0);
  });

  it('says how long ago that was', async () => {
    expect(await age()).toBeLessThan((performance.now() - started) / 1_000);
    expect(logged('audit heads are exported')).toHaveLength(1);
  });

  it('goes on when it cannot, says so once, and once when it can again', async () => {
    await exportedNow();
    await rename(directory, `${directory}-unmounted`);
    await vi.waitFor(() => expect(logged('audit heads are not exported: it failed')).toHaveLength(1), SOON);
    const [line] = logged('audit heads are not exported: it failed');
    expect(JSON.parse(line!)).toMatchObject({ level: 'error', err: { code: 'ENOENT' } });
    const before = await age();
    expect((await createPartner()).status).toBe('pending');
    await vi.waitFor(async () => expect(await age()).toBeGreaterThan(before + 5 * (EVERY_MS / 1_000)), SOON);
    const atItsEnd = await age();
    expect(logged('audit heads are not exported: it failed')).toHaveLength(1);
    await rename(`${directory}-unmounted`, directory);
    await vi.waitFor(() => expect(logged('audit heads are exported')).toHaveLength(2), SOON);
    await exportedNow();
    await vi.waitFor(async () => expect(await age()).toBeLessThan(atItsEnd), SOON);
  });

  it('signs nothing that Postgres did not tell it', async () => {
    await admin('ALTER TABLE registry.audit_head RENAME TO audit_head_away');
    try {
      await vi.waitFor(() => expect(logged('audit heads are not exported: it failed')).toHaveLength(2), SOON);
      const before = await files();
      const { length } = logged('audit heads');
      const since = await age();
      await vi.waitFor(async () => expect(await age()).toBeGreaterThan(since + 5 * (EVERY_MS / 1_000)), SOON);
      expect(await files()).toEqual(before);
      expect(logged('audit heads')).toHaveLength(length);
    } finally {
      await admin('ALTER TABLE registry.audit_head_away RENAME TO audit_head');
    }
    await exportedNow();
  });

  it('never logs its private key', () => {
    const secret = keyPem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    expect(secret.length).toBeGreaterThan(1);
    for (const line of [...secret, 'PRIVATE KEY', String(key.export({ format: 'jwk' }).d)])
      expect(registry.log.join('\n')).not.toContain(line);
  });
});

describe('a registry without an export', () => {
  it('says so loudly when it starts, and has no metric of it', async () => {
    const other = await startRegistry();
    try {
      const [warning] = other.log.filter((line) => line.includes('AUDIT HEADS ARE NOT EXPORTED'));
      expect(JSON.parse(warning!)).toMatchObject({
        level: 'warn',
        msg: expect.stringContaining('AUDIT_HEAD_EXPORT_DIRECTORY'),
      });
      expect(await other.metrics()).not.toContain('audit_head_export_age_seconds');
    } finally {
      await other.stop();
    }
  });
});

describe('a registry that is stopped', () => {
  it('exports its last head', async () => {
    const target = join(folder, 'of-another');
    await mkdir(target);
    const other = await startRegistry({ auditHeads: { directory: target, key, intervalMs: 3_600_000 } });
    await vi.waitFor(async () => expect(await files(target)).toHaveLength(1), SOON);
    await other.post('/v1/partners', { slug: 'last', legal_name: 'Last' });
    const [{ seq }] = await other.database.query('SELECT seq::int FROM registry.audit_head');
    await other.stop();
    const names = await files(target);
    expect(names).toHaveLength(2);
    const last = decodeJwt<{ seq: number }>(await readFile(join(target, names[1]!), 'utf8'));
    // What the registry does by itself may have added an event since.
    expect(last.seq).toBeGreaterThanOrEqual(seq);
  });
});
