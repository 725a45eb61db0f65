import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCrl } from '@partner-ecosystem/x509/path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomSerial } from '../encoding/random-serial.js';
import { createRoot, openRoot, organizationOf, rootList } from './root.js';
import { RootDirectory } from './root-directory.js';

const NOW = new Date('2026-03-01T12:00:00.500Z');
const PASSPHRASE = 'correct horse battery staple';
const OPTIONS = { organization: 'Spec, "Platform"', years: 10, listDays: 365 };

let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'root-spec-')), 'root');
});
afterEach(() => rm(join(path, '..'), { recursive: true }));

const create = () => createRoot(new RootDirectory(path), PASSPHRASE, OPTIONS, NOW);
const open = (passphrase = PASSPHRASE, now = NOW) => openRoot(new RootDirectory(path), passphrase, now);

describe('the directory of a root', () => {
  it('is its owner’s alone, and the key in it encrypted with AES-256-CBC', async () => {
    await create();
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(path)) expect((await stat(join(path, name))).mode & 0o777, name).toBe(0o600);
    const pem = await readFile(join(path, 'root.key'), 'utf8');
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    // 2.16.840.1.101.3.4.1.42
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    expect(der.includes(Buffer.from('60864801650304012a', 'hex'))).toBe(true);
    expect(createPrivateKey({ key: pem, passphrase: PASSPHRASE }).asymmetricKeyDetails?.namedCurve).toBe('secp384r1');
  });

  it('opens again, to the same root with the same list', async () => {
    const created = await create();
    const opened = await open();
    expect(opened.certificate.sha256).toBe(created.certificate.sha256);
    expect(opened.list.equals(created.list)).toBe(true);
    expect(organizationOf(opened)).toBe(OPTIONS.organization);
    expect(opened.certificate.notAfter).toEqual(new Date('2036-03-01T12:00:00Z'));
  });

  it('does not open with another passphrase, and says neither of the two', async () => {
    await create();
    const refused = await open('another passphrase').catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'passphrase_wrong' });
    expect(String((refused as Error).stack)).not.toMatch(/another passphrase|correct horse/);
  });

  it.each([
    ['no certificate', () => rm(join(path, 'root.crt'))],
    ['no list', () => rm(join(path, 'root.crl'))],
    ['no key', () => rm(join(path, 'root.key'))],
    ['a key that is not encrypted', () => plainKey()],
    ['a certificate that is none', () => writeFile(join(path, 'root.crt'), 'nothing')],
  ])('with %s is refused and left as it is', async (_, spoil) => {
    await create();
    await spoil();
    const before = await readdir(path);
    await expect(open()).rejects.toMatchObject({ code: 'root_directory_unusable' });
    await expect(create()).rejects.toMatchObject({ code: 'root_directory_unusable' });
    expect(await readdir(path)).toEqual(before);
  });

  it('is not made under a short passphrase, nor over one that is there', async () => {
    const directory = new RootDirectory(path);
    await expect(createRoot(directory, 'short', OPTIONS, NOW)).rejects.toMatchObject({ code: 'passphrase_weak' });
    expect(directory.holdsRoot()).toBe(false);
    const first = await create();
    await expect(create()).rejects.toMatchObject({ code: 'root_directory_unusable' });
    expect((await open()).certificate.sha256).toBe(first.certificate.sha256);
  });

  it('of a root that has expired opens no more', async () => {
    await create();
    await expect(open(PASSPHRASE, new Date('2036-03-02T00:00:00Z'))).rejects.toMatchObject({ code: 'root_expired' });
  });
});

async function plainKey(): Promise<void> {
  const pem = await readFile(join(path, 'root.key'), 'utf8');
  const key = createPrivateKey({ key: pem, passphrase: PASSPHRASE });
  await writeFile(join(path, 'root.key'), key.export({ type: 'pkcs8', format: 'pem' }));
}

describe('the list of a root', () => {
  it('has the next number and keeps what it named, each once', async () => {
    const root = await create();
    const serial = randomSerial();
    const revoked = [{ serial, revokedAt: new Date('2026-04-01T00:00:00Z'), reason: 'ca_compromise' as const }];
    const second = await rootList(root, { days: 100, now: NOW, revoked });
    const third = await rootList({ ...root, list: second }, { days: 100, now: NOW, revoked });
    const [one, two, three] = [root.list, second, third].map((list) => parseCrl(list));
    expect([one!.number, two!.number, three!.number]).toEqual(['01', '02', '03']);
    expect(one!.revoked.size).toBe(0);
    expect(two!.revoked.get(serial)).toMatchObject({ reason: 'cACompromise', date: revoked[0]!.revokedAt });
    expect([...three!.revoked]).toEqual([...two!.revoked]);
  });

  it('ends with the root at the latest', async () => {
    const root = await create();
    const list = parseCrl(await rootList(root, { days: 3660, now: new Date('2030-01-01T00:00:00Z') }));
    expect(list.nextUpdate).toEqual(root.certificate.notAfter);
  });
});
