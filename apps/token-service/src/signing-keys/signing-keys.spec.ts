import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { migrate, prepareDatabase } from '@partner-ecosystem/platform/database';
import { createLogger } from '@partner-ecosystem/platform/logging';
import type { RunningApp } from '@partner-ecosystem/platform/serve';
import { createAuthority, type Authority } from '@partner-ecosystem/test-pki';
import { startPostgres, type PostgresServer } from '@partner-ecosystem/test-postgres';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import pg from 'pg';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serviceConfig, type ServiceConfig } from '../configuration/config.js';
import { migrations } from '../database/data-source.js';
import { databaseRoles } from '../database/database-roles.js';
import { serveTokenService } from '../serve-token-service.js';
import { AccessTokenSigner } from './access-token.signer.js';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { RotateWhenDue } from './rotate-when-due.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../records/signing-algorithm.js';
import { registerSigningKeyAges } from './signing-key-ages.js';
import type { SigningKey } from '../records/signing-key.entity.js';
import { SigningKeyPolicy } from './signing-key-policy.js';
import { SigningKeys } from './signing-keys.js';

const DAY_SECONDS = 86_400;
const POLL_MS = 50;
const SOON = { timeout: 240_000, interval: POLL_MS };
const folderOfApp = join(import.meta.dirname, '..', '..');

let postgres: PostgresServer;
let admin: pg.Client;
let databaseUrl: string;
let folder: string;
let authority: Authority;
let kek: Buffer;
let config: ServiceConfig;
let replicas: [RunningApp, RunningApp];
const lines: string[] = [];
const destination = { write: (line: string) => void lines.push(line) };
const logger = createLogger({ name: 'token-service', version: 'test', level: 'info', destination });

beforeAll(async () => {
  postgres = await startPostgres();
  await prepare();
  admin = new pg.Client(postgres.adminUrl);
  await admin.connect();
  authority = await createAuthority({ name: 'CA' });
  folder = await mkdtemp(join(tmpdir(), 'signing-keys-'));
  const server = await authority.issueServer({ names: ['localhost'] });
  await writeFile(join(folder, 'tls.crt'), server.chainPem);
  await writeFile(join(folder, 'tls.key'), server.privateKeyPem, { mode: 0o600 });
  kek = await newKeyEncryptionKey('kek');
  config = configuration('kek');
  replicas = await Promise.all([serveTokenService(config, logger), serveTokenService(config, logger)]);
});

afterAll(async () => {
  await Promise.all((replicas ?? []).map((replica) => replica.stop()));
  await admin?.end();
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true });
});

async function prepare(): Promise<void> {
  const log = () => undefined;
  // Our migrations grant to the registry's role.
  const registry = { schema: 'registry', ownerRole: 'partner_registry_owner', appRole: 'partner_registry_app' };
  for (const roles of [registry, databaseRoles]) {
    databaseUrl = postgres.urlFor(roles.appRole, randomBytes(12).toString('hex'));
    await prepareDatabase({ adminUrl: postgres.adminUrl, runtimeUrl: databaseUrl, roles, log });
  }
  await migrate({ url: postgres.adminUrl, roles: databaseRoles, migrations, log });
}

/** @param kekName the file with the key-encryption key */
function configuration(kekName: string): ServiceConfig {
  const given = serviceConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    MTLS_PORT: '0',
    MANAGEMENT_PORT: '0',
    SHUTDOWN_DRAIN_MS: '0',
    SHUTDOWN_DEADLINE_MS: '60000',
    TLS_CERT_FILE: join(folder, 'tls.crt'),
    TLS_KEY_FILE: join(folder, 'tls.key'),
    CERTIFICATE_SOURCE: 'socket',
    ISSUER: 'https://issuer.test',
    MTLS_BASE_URL: 'https://mtls.issuer.test',
    DATABASE_URL: databaseUrl,
    KEY_ENCRYPTION_KEY_FILE: join(folder, kekName),
  });
  return { ...given, signingKeys: new SigningKeyPolicy({ pollMs: POLL_MS }) };
}

async function newKeyEncryptionKey(name: string): Promise<Buffer> {
  const bytes = randomBytes(32);
  await writeFile(join(folder, name), bytes.toString('base64url'), { mode: 0o600 });
  return bytes;
}

interface KeySetAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: JSONWebKeySet;
}

function keySet(replica: RunningApp): Promise<KeySetAnswer> {
  const { port } = replica.addresses['tls']!;
  const options = { host: 'localhost', port, path: '/jwks', ca: authority.certificatePem, agent: false as const };
  return new Promise((resolve, reject) => {
    httpsGet(options, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: JSON.parse(text) as JSONWebKeySet,
        }),
      );
    }).on('error', reject);
  });
}

const kidsOf = async (replica: RunningApp): Promise<string[]> =>
  (await keySet(replica)).body.keys.map(({ kid }) => kid!);

const signer = (replica: RunningApp): AccessTokenSigner => replica.app.get(AccessTokenSigner, { strict: false });

async function signedKid(replica: RunningApp, alg?: SigningAlgorithm): Promise<string> {
  return decodeProtectedHeader(await signer(replica).sign({ sub: 'x' }, alg)).kid!;
}

async function rows(purpose = 'access_token'): Promise<SigningKey[]> {
  const { rows: found } = await admin.query<SigningKey>(
    `SELECT kid, alg, status, public_jwk AS "publicJwk", private_jwe AS "privateJwe", distrusted_at AS "distrustedAt"
       FROM token.signing_key WHERE purpose = $1 ORDER BY created_at, kid`,
    [purpose],
  );
  return found;
}

async function kidOf(status: SigningKey['status'], alg: SigningAlgorithm = 'ES256'): Promise<string> {
  return (await rows()).find((row) => row.status === status && row.alg === alg)?.kid ?? 'absent';
}

/** As if that much time had passed. */
async function age(seconds: number, column?: 'created_at' | 'activated_at' | 'retired_at'): Promise<void> {
  const columns = column ? [column] : ['created_at', 'activated_at', 'retired_at'];
  const changes = columns.map((name) => `${name} = ${name} - make_interval(secs => $1)`);
  await admin.query(`UPDATE token.signing_key SET ${changes.join(', ')}`, [seconds]);
}

/** Until every replica has seen what the table holds, and the table has nothing due. */
async function settled(...those: RunningApp[]): Promise<void> {
  await vi.waitFor(async () => {
    const stored = await rows();
    const live = stored.filter(({ privateJwe }) => privateJwe !== null).map(({ kid }) => kid);
    for (const alg of SIGNING_ALGORITHMS) {
      const states = stored.filter((row) => row.alg === alg).map(({ status }) => status);
      expect(states.filter((status) => status === 'current')).toHaveLength(1);
      expect(states.filter((status) => status === 'next')).toHaveLength(1);
    }
    for (const replica of those.length > 0 ? those : replicas) {
      expect((await kidsOf(replica)).sort()).toEqual([...live].sort());
    }
  }, SOON);
}

/** Every replica has read the keys anew so many times, and done what was due by them. */
async function rounds(count: number): Promise<void> {
  const reloads = replicas.map(({ app }) => vi.spyOn(app.get(SigningKeys, { strict: false }), 'reload'));
  await vi.waitFor(() => {
    for (const reload of reloads) expect(reload.mock.calls.length).toBeGreaterThan(count);
  }, SOON);
  for (const reload of reloads) reload.mockRestore();
}

/** A signing key period goes by: every standby is old enough, every current key is due. */
async function rotateOnSchedule(): Promise<void> {
  const before = await kidOf('current', 'EdDSA');
  await age(30 * DAY_SECONDS);
  await vi.waitFor(async () => expect(await kidOf('current', 'EdDSA')).not.toBe(before), SOON);
  await settled();
}

/** The kid of a key in that status, ES256; there is one after this. */
async function oneOf(status: SigningKey['status']): Promise<string> {
  const found = await kidOf(status);
  if (found !== 'absent') return found;
  if (status === 'distrusted') {
    await admin.query(`UPDATE token.signing_key SET status = 'distrusted' WHERE kid = $1`, [await oneOf('retired')]);
  } else {
    await rotateOnSchedule();
    if (status === 'deleted') await age(1_000, 'retired_at');
  }
  await vi.waitFor(async () => expect(await kidOf(status)).not.toBe('absent'), SOON);
  await settled();
  return kidOf(status);
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

// The command itself, from its source, as a process of its own.
function start(command: string, args: string[], env: Record<string, string> = {}): Child {
  const load = `const { runnerImport } = await import('vite');
    await runnerImport(process.env.COMMAND, { configFile: process.env.VITE_CONFIG, logLevel: 'error' });`;
  return spawn(process.execPath, ['--input-type=module', '-e', load, '--', ...args], {
    cwd: folderOfApp,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      COMMAND: join(folderOfApp, 'src', 'commands', `${command}.ts`),
      VITE_CONFIG: join(folderOfApp, 'vitest.config.mts'),
      DATABASE_URL: databaseUrl,
      KEY_ENCRYPTION_KEY_FILE: join(folder, 'kek'),
      ...env,
    },
  });
}

async function run(command: string, args: string[] = [], env: Record<string, string> = {}) {
  const child = start(command, args, env);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
}

describe('A28: two replicas that start together on an empty table', () => {
  it('end with one current key and one standby per algorithm', async () => {
    const states = (await rows()).map(({ alg, status }) => `${alg} ${status}`).sort();
    expect(states).toEqual(SIGNING_ALGORITHMS.flatMap((alg) => [`${alg} current`, `${alg} next`]).sort());
  });

  it('publish the same document, standbys included, the default algorithm first', async () => {
    const [one, two] = await Promise.all(replicas.map(keySet));
    expect(one!.body).toEqual(two!.body);
    expect(one!.body.keys.map(({ alg }) => alg)).toEqual(['ES256', 'ES256', 'PS256', 'PS256', 'EdDSA', 'EdDSA']);
    expect(one!.body.keys[0]!.kid).toBe(await kidOf('current'));
  });

  it('A20: with public parts only, unique kids, and a time to cache that a standby outlasts by far', async () => {
    const { body, headers } = await keySet(replicas[0]);
    for (const key of body.keys) {
      expect(['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use']).toEqual(expect.arrayContaining(Object.keys(key)));
      expect(key.use).toBe('sig');
    }
    expect(new Set(body.keys.map(({ kid }) => kid)).size).toBe(6);
    expect(headers['cache-control']).toBe('public, max-age=300');
  });

  it.each(SIGNING_ALGORITHMS)(
    'A19: a token signed with %s by one is verified with what the other publishes',
    async (alg) => {
      const token = await signer(replicas[0]).sign({ sub: 'x' }, alg);
      const { protectedHeader } = await jwtVerify(token, createLocalJWKSet((await keySet(replicas[1])).body));
      expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: await kidOf('current', alg) });
    },
  );

  it('A19: ES256 is the default; RS256 and none are refused', async () => {
    expect(await signedKid(replicas[0])).toBe(await kidOf('current', 'ES256'));
    for (const alg of ['RS256', 'none', 'HS256', '']) {
      await expect(signer(replicas[0]).sign({}, alg)).rejects.toThrow(TypeError);
    }
  });
});

describe('A28: rotation on schedule', () => {
  it('while both sign without a pause: nothing is refused, and every kid is in the key set of the other', async () => {
    let signing = true;
    const used = new Set<string>();
    const signAndLook = async (own: RunningApp, other: RunningApp, alg: SigningAlgorithm): Promise<void> => {
      while (signing) {
        const kid = await signedKid(own, alg);
        used.add(kid);
        expect(await kidsOf(other)).toContain(kid);
      }
    };
    const [one, two] = replicas;
    const load = SIGNING_ALGORITHMS.flatMap((alg) => [signAndLook(one, two, alg), signAndLook(two, one, alg)]);
    const stopped = Promise.all(load);
    stopped.catch(() => undefined);
    const allUsed = () =>
      vi.waitFor(async () => {
        for (const alg of SIGNING_ALGORITHMS) expect(used).toContain(await kidOf('current', alg));
      }, SOON);
    try {
      await Promise.race([allUsed(), stopped]);
      for (let period = 0; period < 4; period += 1) await Promise.race([rotateOnSchedule().then(allUsed), stopped]);
    } finally {
      signing = false;
    }
    await stopped;
    expect(used.size).toBe(3 * 5);
  });

  it('by exactly one: several that rotate at once make one rotation', async () => {
    const before = await rows();
    const current = await kidOf('current', 'EdDSA');
    const schedules = replicas.map(({ app }) => app.get(RotateWhenDue, { strict: false }));
    await age(30 * DAY_SECONDS);
    await Promise.all([...schedules, ...schedules, ...schedules].map((schedule) => schedule.rotate()));
    // A replica that is at it since before leaves them nothing to do, and has seen nothing due: its next round does.
    await vi.waitFor(async () => expect(await kidOf('current', 'EdDSA')).not.toBe(current), SOON);
    await settled();
    const added = (await rows()).length - before.length;
    expect(added).toBe(SIGNING_ALGORITHMS.length);
  });

  it('a retired key stays published until the last token has expired, then its private part is destroyed', async () => {
    await rotateOnSchedule();
    const retired = await kidOf('retired');
    await age(900, 'retired_at');
    await rounds(5);
    expect(await kidsOf(replicas[0])).toContain(retired);
    await age(100, 'retired_at');
    await vi.waitFor(async () => {
      for (const replica of replicas) expect(await kidsOf(replica)).not.toContain(retired);
    }, SOON);
    const row = (await rows()).find(({ kid }) => kid === retired);
    expect(row).toMatchObject({ status: 'deleted', privateJwe: null, publicJwk: { kid: retired } });
  });

  it('what happened is in the log, by kid', () => {
    const steps = lines.map((line) => JSON.parse(line) as { msg: string; step?: { kind: string } });
    const kinds = steps.filter(({ msg }) => msg === 'signing keys rotated').map(({ step }) => step!.kind);
    expect([...new Set(kinds)].sort()).toEqual(['delete', 'found', 'promote', 'stand-by']);
  });
});

describe('A28: rotate-key', () => {
  it('explains itself', async () => {
    const { code, output } = await run('rotate-key', ['--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/--algorithm[\s\S]*--from[\s\S]*--force[\s\S]*DATABASE_URL/);
  });

  it.each([
    [['--algorithm', 'RS256'], 2, /one of ES256, PS256, EdDSA/],
    [['--algorithm', 'ES256', '--from', 'x'], 2, /not both/],
    [['--from', 'nobody'], 3, /no signing key nobody is stored/],
  ])('%j ends with %i', async (args, expected, text) => {
    const { code, errors } = await run('rotate-key', args);
    expect(errors).toMatch(text);
    expect(code).toBe(expected);
  });

  it('refuses a standby that caches may not have, which --force allows, but never one that replicas may not have', async () => {
    await rotateOnSchedule(); // the standbys are new,
    await age(-600, 'created_at'); // and stay so however long the command takes
    const [current, standby] = [await kidOf('current'), await kidOf('next')];
    const early = await run('rotate-key', ['--algorithm', 'ES256']);
    expect(early).toMatchObject({ code: 3, output: '' });
    expect(early.errors).toContain(`the standby ${standby} may be used from`);
    expect((await run('rotate-key', ['--algorithm', 'ES256', '--force'])).code).toBe(3);
    expect(await kidOf('current')).toBe(current);
    await age(660, 'created_at');
    expect(await run('rotate-key', ['--algorithm', 'ES256', '--force'])).toMatchObject({ code: 0, errors: '' });
    expect(await kidOf('current')).toBe(standby);
    expect(await kidOf('next')).not.toBe('absent');
  });

  it('rotates the key of the feed as well', async () => {
    await age(2 * DAY_SECONDS, 'created_at');
    const standby = (await rows('revocation_feed')).find(({ status }) => status === 'next')!.kid;
    const { code, output } = await run('rotate-key', []);
    expect(code).toBe(0);
    expect(output).toContain(`ES256 of the revocation feed: ${standby} is current`);
    await settled();
  });

  it('is safe to repeat', async () => {
    await age(2 * DAY_SECONDS, 'created_at');
    const current = await kidOf('current');
    const first = await run('rotate-key', [`--from=${current}`]);
    const second = await run('rotate-key', [`--from=${current}`]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(first.output).toContain(`${current} retired`);
    expect(second.output).toContain('nothing to do');
    expect((await run('rotate-key', ['--algorithm', 'ES256'])).code).toBe(3);
  });

  it('a crash between its steps changes nothing, and the next one is not in its way', async () => {
    await age(2 * DAY_SECONDS, 'created_at');
    await settled();
    const before = await rows();
    const standby = await kidOf('next', 'EdDSA');
    const blocker = new pg.Client(postgres.adminUrl);
    await blocker.connect();
    // The current key is retired, then the command waits for the standby's row: killed there.
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM token.signing_key WHERE kid = $1 FOR UPDATE', [standby]);
    const child = start('rotate-key', ['--algorithm', 'EdDSA']);
    const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE 'UPDATE%signing_key%'`;
    await vi.waitFor(async () => expect((await admin.query(waiting)).rowCount).toBe(1), SOON);
    child.kill('SIGKILL');
    await once(child, 'close');
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect(await rows()).toEqual(before);
    expect(await run('rotate-key', ['--algorithm', 'EdDSA'])).toMatchObject({ code: 0 });
    expect(await kidOf('current', 'EdDSA')).toBe(standby);
    await settled();
  });
});

describe('A29: distrust-key', () => {
  it.each([
    [['--help'], 0, /--kid=<kid>/],
    [[], 2, /--kid=<kid> is missing/],
    [['--kid=nobody'], 3, /no signing key nobody is stored/],
  ])('%j ends with %i', async (args, expected, text) => {
    const { code, output, errors } = await run('distrust-key', args);
    expect(output + errors).toMatch(text);
    expect(code).toBe(expected);
  });

  it('the current key: the standby takes over at once, no key-encryption key needed; a new standby follows', async () => {
    await age(60, 'created_at');
    const [bad, standby] = [await kidOf('current'), await kidOf('next')];
    const { code, output } = await run('distrust-key', [`--kid=${bad}`], { KEY_ENCRYPTION_KEY_FILE: '' });
    expect(code).toBe(0);
    expect(output).toContain(`${standby} is current`);
    const { rows: told } = await admin.query(`SELECT seq, mode FROM token.revocation WHERE subject ->> 'kid' = $1`, [
      bad,
    ]);
    expect(told).toEqual([{ seq: /revocation seq: (\d+)/.exec(output)![1], mode: 'off' }]);
    const row = (await rows()).find(({ kid }) => kid === bad)!;
    expect(row).toMatchObject({ status: 'distrusted', privateJwe: null });
    expect(row.distrustedAt).toBeInstanceOf(Date);
    await settled();
    for (const replica of replicas) {
      expect(await kidsOf(replica)).not.toContain(bad);
      expect(await signedKid(replica)).toBe(standby);
    }
  });

  it('twice is once', async () => {
    const bad = await oneOf('distrusted');
    const before = await rows();
    const { code, output } = await run('distrust-key', [`--kid=${bad}`]);
    expect(code).toBe(0);
    expect(output).toContain('nothing to do');
    expect(await rows()).toEqual(before);
  });

  it.each(['next', 'retired', 'deleted'] as const)('a %s key', async (status) => {
    const bad = await oneOf(status);
    expect((await run('distrust-key', [`--kid=${bad}`])).code).toBe(0);
    await settled();
    for (const replica of replicas) expect(await kidsOf(replica)).not.toContain(bad);
    expect((await rows()).find(({ kid }) => kid === bad)).toMatchObject({ status: 'distrusted', privateJwe: null });
  });

  it('a key of the feed: its standby takes over, no key of access tokens moves', async () => {
    await age(60, 'created_at');
    const [before, feed] = [await rows(), await rows('revocation_feed')];
    const [bad, standby] = ['current', 'next'].map((status) => feed.find((row) => row.status === status)!.kid);
    const { code, output } = await run('distrust-key', [`--kid=${bad}`]);
    expect(code).toBe(0);
    expect(output).toContain(`${standby} is current`);
    await vi.waitFor(async () => {
      const states = (await rows('revocation_feed')).map(({ status }) => status);
      expect(states.filter((status) => !['retired', 'deleted'].includes(status)).sort()).toEqual([
        'current',
        'distrusted',
        'next',
      ]);
    }, SOON);
    expect((await rows()).map(({ kid, status }) => `${kid} ${status}`)).toEqual(
      before.map(({ kid, status }) => `${kid} ${status}`),
    );
  });

  it('when no standby is published everywhere yet nothing is signed, rather than with a key that others may not know', async () => {
    await rotateOnSchedule(); // the standbys are new
    const [bad, standby] = [await kidOf('current', 'EdDSA'), await kidOf('next', 'EdDSA')];
    const { code, output } = await run('distrust-key', [`--kid=${bad}`]);
    expect(code).toBe(0);
    expect(output).toContain('No standby was ready');
    await vi.waitFor(
      () => expect(signedKid(replicas[0], 'EdDSA')).rejects.toMatchObject({ code: 'signing_key_absent' }),
      SOON,
    );
    expect(await signedKid(replicas[0], 'ES256')).toBe(await kidOf('current'));
    await age(660, 'created_at');
    await settled();
    expect(await signedKid(replicas[0], 'EdDSA')).toBe(standby);
  });
});

describe('A28: the key-encryption key changes', () => {
  let renewed: Buffer;

  // The replicas go on with what the keys' new age asks for.
  const rowsAtRest = async () => {
    for (let seen = await rows(); ;) {
      await rounds(5);
      const now = await rows();
      if (JSON.stringify(now) === JSON.stringify(seen)) return now;
      seen = now;
    }
  };

  it('while both are accepted a new standby is under the old one, so that replicas with only that can publish it', async () => {
    renewed = await newKeyEncryptionKey('kek.new');
    const after = new KeyEncryptionKey(renewed, new KeyEncryptionKey(kek));
    const third = await serveTokenService({ ...config, keyEncryptionKey: after }, logger);
    await age(30 * DAY_SECONDS);
    const schedule = third.app.get(RotateWhenDue, { strict: false });
    await schedule.rotate();
    await settled(...replicas, third);
    await third.stop();
  });

  it('re-encrypt-keys moves all of them or none, and is safe to repeat', async () => {
    const both = {
      KEY_ENCRYPTION_KEY_FILE: join(folder, 'kek.new'),
      KEY_ENCRYPTION_KEY_PREVIOUS_FILE: join(folder, 'kek'),
    };
    const before = await rowsAtRest();
    const wrong = await run('re-encrypt-keys', [], { ...both, KEY_ENCRYPTION_KEY_PREVIOUS_FILE: '' });
    expect(wrong.code).toBe(1);
    expect(wrong.errors).toMatch(/KEY_ENCRYPTION_KEY_PREVIOUS_FILE/);
    expect(await rows()).toEqual(before);
    const first = await run('re-encrypt-keys', [], both);
    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(first.output).toMatch(/^Re-encrypted \d+/);
    const second = await run('re-encrypt-keys', [], { ...both, KEY_ENCRYPTION_KEY_PREVIOUS_FILE: '' });
    expect(second).toMatchObject({ code: 0 });
    expect(second.output).toMatch(/Nothing to do/);
    expect((await run('re-encrypt-keys', ['--help'])).output).toMatch(/KEY_ENCRYPTION_KEY_PREVIOUS_FILE/);
  });

  it('afterwards the old one stops the boot and makes nothing, the new one starts, and who ran goes on', async () => {
    const before = await rows();
    await expect(serveTokenService(config, logger)).rejects.toMatchObject({ code: 'key_undecryptable' });
    expect(await rows()).toEqual(before);
    expect(await signedKid(replicas[0])).toBe(await kidOf('current'));
    kek = renewed;
    config = configuration('kek.new');
    const fresh = await Promise.all([serveTokenService(config, logger), serveTokenService(config, logger)]);
    await Promise.all(replicas.map((replica) => replica.stop()));
    replicas = fresh as [RunningApp, RunningApp];
    expect(await signedKid(replicas[0])).toBe(await kidOf('current'));
  });
});

describe('least privilege on the table', () => {
  let app: pg.Client;
  beforeAll(async () => {
    app = new pg.Client(databaseUrl);
    await app.connect();
  });
  afterAll(() => app.end());

  it.each([
    'DELETE FROM token.signing_key',
    'TRUNCATE token.signing_key',
    `UPDATE token.signing_key SET public_jwk = '{}'`,
    `UPDATE token.signing_key SET kid = 'x'`,
    `UPDATE token.signing_key SET alg = 'PS256'`,
    'UPDATE token.signing_key SET created_at = now()',
    'UPDATE token.signing_key SET activated_at = now()',
    'UPDATE token.signing_key SET distrusted_at = NULL',
    'ALTER TABLE token.signing_key DISABLE TRIGGER ALL',
  ])('refuses %s', async (statement) => {
    await expect(app.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    ['distrusted', 'current'],
    ['distrusted', 'deleted'],
    ['retired', 'current'],
    ['deleted', 'next'],
    ['current', 'next'],
    ['current', 'deleted'],
  ] as const)('A29: no key moves from %s to %s, whoever asks', async (from, to) => {
    await oneOf(from);
    const statement = `UPDATE token.signing_key SET status = $2, private_jwe = 'x'
                        WHERE kid = (SELECT kid FROM token.signing_key WHERE status = $1 LIMIT 1)`;
    for (const client of [app, admin]) {
      await expect(client.query(statement, [from, to])).rejects.toMatchObject({ code: '23514' });
    }
  });

  it.each(['current', 'next'])('A28: one %s key per algorithm, by a unique index', async (status) => {
    const second = `INSERT INTO token.signing_key (kid, alg, status, public_jwk, private_jwe)
                    VALUES (repeat('k', 43), 'ES256', $1, '{}', 'x')`;
    await expect(app.query(second, [status])).rejects.toMatchObject({ code: '23505' });
  });

  it.each(['d', 'p', 'k'])('A20: a public part with the member %s is not stored', async (member) => {
    const insert = `INSERT INTO token.signing_key (kid, alg, status, public_jwk, private_jwe)
                    VALUES (repeat('k', 43), 'ES256', 'next', jsonb_build_object($1::text, 'x'), 'x')`;
    await expect(app.query(insert, [member])).rejects.toMatchObject({ code: '23514' });
  });
});

describe('fails closed', () => {
  async function short(): Promise<RunningApp> {
    const signingKeys = new SigningKeyPolicy({ pollMs: POLL_MS, staleAfterMs: 3_000 });
    return serveTokenService({ ...config, signingKeys }, logger);
  }

  async function readiness(replica: RunningApp): Promise<{ checks: Record<string, string> }> {
    const { port } = replica.addresses['management']!;
    return new Promise((resolve, reject) => {
      httpGet({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(JSON.parse(text) as { checks: Record<string, string> }));
      }).on('error', reject);
    });
  }

  const stops = (replica: RunningApp) =>
    vi.waitFor(() => expect(signedKid(replica)).rejects.toMatchObject({ code: 'signing_keys_stale' }), SOON);

  it('a replica that cannot read the keys stops signing, publishing and being ready, and resumes by itself', async () => {
    const replica = await short();
    await vi.waitFor(async () => expect((await readiness(replica)).checks['signing_keys']).toBe('ok'), SOON);
    const keys = replica.app.get(SigningKeys, { strict: false });
    await admin.query('REVOKE SELECT ON token.signing_key FROM token_service_app');
    await stops(replica);
    const { status, headers } = await keySet(replica);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('2');
    expect(headers['cache-control'] ?? '').not.toContain('public');
    expect((await readiness(replica)).checks['signing_keys']).toBe('failed');
    await expect(keys.verificationKey({ alg: 'ES256' }, { payload: '', signature: '' })).rejects.toMatchObject({
      code: 'signing_keys_stale',
    });
    await admin.query('GRANT SELECT ON token.signing_key TO token_service_app');
    await vi.waitFor(async () => expect((await keySet(replica)).status).toBe(200), SOON);
    await vi.waitFor(async () => expect(await signedKid(replica)).toBe(await kidOf('current')), SOON);
    await replica.stop();
  });

  it('a key that somebody without the key-encryption key put into the table is not published', async () => {
    const replica = await short();
    const own = new KeyEncryptionKey(randomBytes(32));
    const kid = randomBytes(32).toString('base64url');
    await admin.query(`DELETE FROM token.signing_key WHERE alg = 'EdDSA' AND status = 'next'`);
    await admin.query(
      `INSERT INTO token.signing_key (kid, alg, status, public_jwk, private_jwe) VALUES ($1, 'EdDSA', 'next', '{}', $2)
       ON CONFLICT (purpose, alg) WHERE status = 'next'
       DO UPDATE SET kid = excluded.kid, public_jwk = excluded.public_jwk, private_jwe = excluded.private_jwe`,
      [kid, await own.encrypt({ kty: 'OKP' }, kid)],
    );
    await stops(replica);
    expect((await keySet(replica)).status).toBe(503);
    await admin.query('DELETE FROM token.signing_key WHERE kid = $1', [kid]);
    await settled(replica, ...replicas);
    await replica.stop();
  });
});

it('the ages of the keys can be measured', async () => {
  const registry = new Registry();
  registerSigningKeyAges(registry, replicas[0].app.get(SigningKeys, { strict: false }));
  await age(3_600);
  const measured = async () => {
    const text = await registry.metrics();
    return Number(/signing_key_age_seconds\{purpose="access_token",alg="PS256",status="next"\} (\d+)/.exec(text)?.[1]);
  };
  await vi.waitFor(async () => expect(await measured()).toBeGreaterThanOrEqual(3_600), SOON);
  expect(await registry.metrics()).not.toMatch(/distrusted|deleted/);
});

it('no private part is in the log', () => {
  const log = lines.join('');
  expect(log).not.toMatch(/"d":|privateJwe|eyJ[\w-]+\./);
  expect(log).not.toContain(kek.toString('base64url'));
});
