import { spawn } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base64url, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AUDIENCE, startRegistry, type TestRegistry } from '../../registry.testing.js';
import type { StoredEvent } from '../audit-events.js';
import { canonicalJson } from '../canonical-json.js';
import { signAuditHead } from './audit-head-statement.js';
import { exportedHeads } from './exported-heads.js';

const SOON = { timeout: 240_000, interval: 20 };
const FOLDER_OF_APP = new URL('../../..', import.meta.url).pathname;
const SOME_HEAD = { seq: 1, hash: '1'.repeat(64) };

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: key } = pair();
const { privateKey: strangersKey } = pair();

let folder: string;
/** what the running registry exported, as it was before anybody broke anything */
let evidence: string;
let keyFile: string;
let registry: TestRegistry;
/** as it was then */
let chain: StoredEvent[];
let exportedSeqs: number[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exported-heads-'));
  const directory = join(folder, 'exported');
  await mkdir(directory);
  keyFile = await writtenPublicKey(key, 'head.pub');
  registry = await startRegistry({ auditHeads: { directory, key, intervalMs: 50 } });
  for (const slug of ['a', 'b', 'c', 'd']) {
    await registry.post('/v1/partners', { slug, legal_name: 'Acme' });
    const { seq } = await head();
    await vi.waitFor(async () => expect(await seqsIn(directory)).toContain(seq), SOON);
  }
  evidence = join(folder, 'evidence');
  await cp(directory, evidence, { recursive: true, filter: (path) => !path.endsWith('.partial') });
  exportedSeqs = await seqsIn(evidence);
  chain = await registry.database.query('SELECT seq::int, canonical, hash FROM registry.audit_events ORDER BY seq');
});

afterAll(async () => {
  await registry?.stop();
  await rm(folder, { recursive: true });
});

async function writtenPublicKey(privateKey: KeyObject, name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
  return file;
}

async function seqsIn(directory: string): Promise<number[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.jws'));
  return names.map((name) => Number(name.slice(0, 15))).sort((a, b) => a - b);
}

async function head(): Promise<{ seq: number; hash: string }> {
  return (await registry.database.query('SELECT seq::int, hash FROM registry.audit_head'))[0];
}

/** A directory with what the registry exported, and these files beside it. */
async function withFiles(name: string, files: Record<string, string>): Promise<string> {
  const directory = join(folder, name);
  await cp(evidence, directory, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
  return directory;
}

/** The command itself, from its source, as a process of its own. */
async function verifyAudit(args: string[], env: Record<string, string> = {}) {
  const load = `const { runnerImport } = await import('vite');
    await runnerImport(process.env.COMMAND, { configFile: process.env.VITE_CONFIG, logLevel: 'error' });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', load, '--', ...args], {
    cwd: FOLDER_OF_APP,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      COMMAND: join(FOLDER_OF_APP, 'src/commands/verify-audit.ts'),
      VITE_CONFIG: join(FOLDER_OF_APP, 'vitest.config.mts'),
      DATABASE_URL: registry.database.runtimeUrl,
      AUDIENCE,
      ...env,
    },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors: errors.trim() };
}

const verifyAgainst = (exported: string, ...more: string[]) =>
  verifyAudit(['--exported-heads', exported, '--head-key', keyFile, ...more]);

describe('verify-audit with exported heads', () => {
  it('is content with a chain that passes through every one of them', async () => {
    const { code, output, errors } = await verifyAgainst(evidence);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const { seq, hash } = await head();
    expect(JSON.parse(output)).toEqual({
      events: seq,
      head: `${seq}:${hash}`,
      exported_heads: { statements: exportedSeqs.length, last: `${seq}:${hash}`, stated_at: expect.any(String) },
    });
  });

  it('takes one file of them too, and the keys of before and after an exchange', async () => {
    const names = (await readdir(evidence)).sort();
    const later = await signAuditHead(await head(), { issuer: AUDIENCE, key: strangersKey, now: new Date() });
    const lines = await Promise.all(names.map((name) => readFile(join(evidence, name), 'utf8')));
    const file = join(folder, 'heads.ndjson');
    await writeFile(file, `${lines.join('')}${later}\n`);
    expect(await verifyAgainst(file)).toMatchObject({
      code: 3,
      errors: `verify-audit: the exported head ${file}:${lines.length + 1} is not believed: it is not signed with the given key`,
    });
    const both = await verifyAgainst(file, '--head-key', await writtenPublicKey(strangersKey, 'next.pub'));
    expect(both).toMatchObject({ code: 0, output: expect.stringContaining(`"statements":${lines.length + 1}`) });
  });

  it('names every one that is forged or unsigned, and the first bad link beside them', async () => {
    const elsewhere = { ...(await head()), hash: '1'.repeat(64) };
    const about = { issuer: AUDIENCE, now: new Date() };
    const directory = await withFiles('forged', {
      'x-forged.jws': await signAuditHead(elsewhere, { ...about, key: strangersKey }),
      'x-real.jws': await signAuditHead(elsewhere, { ...about, key }),
      'x-unsigned.jws': JSON.stringify(elsewhere),
      'ignored.txt': 'no statement',
    });
    const { code, errors, output } = await verifyAgainst(directory);
    expect({ code, output }).toEqual({ code: 3, output: '' });
    expect(errors.split('\n')).toEqual([
      `verify-audit: the chain breaks at event ${elsewhere.seq}: its hash is another one than was noted`,
      `the exported head ${directory}/x-forged.jws:1 is not believed: it is not signed with the given key`,
      `the exported head ${directory}/x-unsigned.jws:1 is not believed: it is no signed statement`,
    ]);
  });

  it('refuses to be called without what it needs to know', async () => {
    const [privateKeyFile, empty] = [`${keyFile}.private`, join(folder, 'empty')];
    await writeFile(privateKeyFile, key.export({ type: 'pkcs8', format: 'pem' }));
    await mkdir(empty);
    const exported = ['--exported-heads', evidence];
    const believed = ['--head-key', keyFile];
    const refused: [string[], Record<string, string>, number, string][] = [
      [exported, {}, 2, 'need each other'],
      [believed, {}, 2, 'need each other'],
      [[...exported, '--head-key', privateKeyFile], {}, 2, 'no P-256 public key'],
      [['--exported-heads', `${evidence}-x`, ...believed], {}, 1, 'ENOENT'],
      [['--exported-heads', empty, ...believed], {}, 1, 'no exported heads'],
      [[...exported, ...believed], { AUDIENCE: '' }, 1, 'AUDIENCE is not set'],
    ];
    const answers = await Promise.all(refused.map(([args, env]) => verifyAudit(args, env)));
    for (const [at, [args, , code, message]] of refused.entries()) {
      expect(answers[at], args.join(' ')).toMatchObject({ code, output: '', errors: expect.stringContaining(message) });
      expect(answers[at]!.errors).not.toContain('PRIVATE KEY');
    }
  });
});

describe('what the owner of the database did to the chain and its head, so that they fit again', () => {
  const admin = (sql: string, values: unknown[] = []) =>
    registry.database.query(sql, values, registry.database.adminUrl);

  /** Puts these events in the place of all, with a head that fits. */
  async function put(events: readonly StoredEvent[]): Promise<void> {
    const { seq, hash } = events.at(-1)!;
    await admin('DELETE FROM registry.audit_event_targets');
    await admin('DELETE FROM registry.audit_events');
    await admin(
      `INSERT INTO registry.audit_events (seq, canonical, hash)
       SELECT * FROM jsonb_to_recordset($1) AS r(seq bigint, canonical text, hash text)`,
      [JSON.stringify(events)],
    );
    await admin('UPDATE registry.audit_head SET seq = $1, hash = $2', [seq, hash]);
  }

  /** The chain as if the event of this number had always said something else. */
  function rewrittenFrom(changed: number): StoredEvent[] {
    let previous_hash = '0'.repeat(64);
    return chain.map(({ seq, canonical }) => {
      const event = { ...(JSON.parse(canonical) as object), previous_hash };
      const text = canonicalJson(seq === changed ? { ...event, action: 'nothing.happened' } : event);
      previous_hash = createHash('sha256').update(text).digest('hex');
      return { seq, canonical: text, hash: previous_hash };
    });
  }

  beforeEach(() => put(chain));
  afterEach(() => put(chain));

  it('a tail that was cut off shows by the exported heads alone', async () => {
    await put(chain.slice(0, -2));
    const [alone, against] = await Promise.all([verifyAudit([]), verifyAgainst(evidence)]);
    expect(alone).toMatchObject({ code: 0 });
    expect(against).toEqual({
      code: 3,
      output: '',
      errors: `verify-audit: the chain breaks at event ${chain.length - 1}: it and all after it are gone`,
    });
  });

  it('a history that was rewritten and hashed anew shows by the first exported head behind the change', async () => {
    const changed = chain.length - 2;
    await put(rewrittenFrom(changed));
    const behind = exportedSeqs.find((seq) => seq >= changed);
    const [alone, against] = await Promise.all([verifyAudit([]), verifyAgainst(evidence)]);
    expect(alone).toMatchObject({ code: 0 });
    expect(against).toEqual({
      code: 3,
      output: '',
      errors: `verify-audit: the chain breaks at event ${behind}: its hash is another one than was noted`,
    });
  });

  it('also when the registry has signed the new head since', async () => {
    await put(rewrittenFrom(chain.length));
    const now = await signAuditHead(await head(), { issuer: AUDIENCE, key, now: new Date() });
    const directory = await withFiles('signed-since', { 'z.jws': now });
    expect(await verifyAgainst(directory)).toMatchObject({
      code: 3,
      errors: `verify-audit: the chain breaks at event ${chain.length}: its hash is another one than was noted`,
    });
  });
});

describe('a statement is believed', () => {
  const believe = { issuer: AUDIENCE, keys: [createPublicKey(key)] };
  const signed = (claims: object = SOME_HEAD, header: object = {}, signer: KeyObject | Uint8Array = key) =>
    new SignJWT({ iss: AUDIENCE, iat: 1, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'audit-head+jwt', ...header })
      .sign(signer);
  const read = async (text: string) => {
    const file = join(folder, 'one.jws');
    await writeFile(file, text);
    return exportedHeads(file, believe);
  };
  const tampered = async () => {
    const [header, , signature] = (await signed()).split('.');
    return [header, base64url.encode(JSON.stringify({ iss: AUDIENCE, iat: 1, ...SOME_HEAD, seq: 2 })), signature].join(
      '.',
    );
  };
  const withPublicKeyAsSecret = () =>
    signed(SOME_HEAD, { alg: 'HS256' }, createPublicKey(key).export({ type: 'spki', format: 'der' }));

  it('that is signed with the key and about this registry', async () => {
    expect(await read(await signed())).toEqual({ heads: [{ ...SOME_HEAD, statedAt: new Date(1_000) }], refused: [] });
  });

  it.each<[string, () => string | Promise<string>, string]>([
    ['nothing', () => '', 'unsigned'],
    ['no JWS', () => '{}', 'unsigned'],
    ['one without a signature', () => new UnsecuredJWT({ iss: AUDIENCE, ...SOME_HEAD }).encode(), 'unsigned'],
    ['one whose signature was cut off', async () => (await signed()).replace(/[^.]+$/, ''), 'forged'],
    ['one with the public key as a shared secret', withPublicKeyAsSecret, 'unsigned'],
    ['one by another key', () => signed(SOME_HEAD, {}, strangersKey), 'forged'],
    ['one whose claims were changed', tampered, 'forged'],
    ['one of another registry', () => signed({ ...SOME_HEAD, iss: 'https://other.example' }), 'foreign'],
    ['another kind of token', () => signed(SOME_HEAD, { typ: 'at+jwt' }), 'foreign'],
    ['one without a hash', () => signed({ seq: 1 }), 'foreign'],
    ['one with a number that is none', () => signed({ ...SOME_HEAD, seq: '1' }), 'foreign'],
  ])('and not %s', async (_, statement, fault) => {
    const { heads, refused } = await read(await statement());
    expect({ heads, refused }).toEqual({
      heads: [],
      refused: [{ where: expect.stringMatching(/one\.jws:1$/), fault }],
    });
  });
});
