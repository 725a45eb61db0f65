import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { revoke, somebody, startFeedStage, type FeedStage, type Replica } from './feed-stage.fixture.spec.js';

const folderOfApp = join(import.meta.dirname, '..', '..');
const SOON = { timeout: 240_000, interval: 20 };

let feed: FeedStage;
let replicas: [Replica, Replica];
let token: string;
let held: { epoch: string; seq: number };

beforeAll(async () => {
  feed = await startFeedStage();
  replicas = await Promise.all([feed.replica(), feed.replica()]);
});
afterAll(() => feed?.stop());

beforeEach(async () => {
  for (let i = 0; i < 3; i += 1) await revoke(admin(), 'client', somebody());
  const { seq } = await counter();
  token = await vi.waitFor(async () => {
    for (const replica of replicas) expect((await replica.read('', await replica.token())).seq).toBe(seq);
    const issued = await replicas[0].token();
    expect((await replicas[1].get('', issued)).status).toBe(200);
    return issued;
  }, SOON);
  held = await counter();
});

const admin = () => feed.schemas.admin;
const counter = async () => {
  const sql = 'SELECT epoch, last_seq::float8 AS seq, history FROM token.revocation_counter';
  return (await admin().query<{ epoch: string; seq: number; history: string }>(sql)).rows[0]!;
};
const backends = `FROM pg_stat_activity WHERE application_name = 'token-service revocation poll'`;

/** Both tell of one and the same new epoch, in which the token of before is refused, and give ones that pass. */
async function expectNewEpoch(): Promise<void> {
  await vi.waitFor(async () => expect((await counter()).epoch).not.toBe(held.epoch), SOON);
  const { epoch, seq } = await counter();
  for (const replica of replicas) {
    // Of two cutoffs within seconds the later may reach further ahead than a token may be dated.
    const statement = await vi.waitFor(
      async () => replica.read(`?epoch=${held.epoch}&since=${held.seq}&wait=5`, await replica.token()),
      SOON,
    );
    expect(statement).toMatchObject({ epoch, seq, since: 0 });
    const all = statement.entries.find(({ kind }) => kind === 'all');
    expect(all).toMatchObject({ mode: 'cutoff', seq });
    expect(all?.issued_before).toBeGreaterThanOrEqual(decodeJwt(token).iat!);
  }
  expect((await counter()).epoch).toBe(epoch);
}

const forget = async (count: number) => {
  await admin().query('BEGIN');
  await admin().query('DELETE FROM token.revocation WHERE seq > $1', [held.seq - count]);
  await admin().query('UPDATE token.revocation_counter SET last_seq = $1', [held.seq - count]);
  await admin().query('COMMIT');
};

describe('a new epoch begins, in which every older token is refused', () => {
  it('when the numbers went back', async () => {
    await forget(2);
    await expectNewEpoch();
  });

  it('when the table was made anew, as by a restore, however high its numbers are', async () => {
    for (const { gate } of replicas) await gate.close();
    await admin().query(`
      CREATE TABLE token.restored (LIKE token.revocation INCLUDING ALL);
      INSERT INTO token.restored SELECT * FROM token.revocation;
      DROP TABLE token.revocation;
      ALTER TABLE token.restored RENAME TO revocation;
      ALTER TABLE token.revocation RENAME CONSTRAINT restored_pkey TO revocation_pkey;
      ALTER TABLE token.revocation OWNER TO token_service_owner;
      GRANT SELECT ON token.revocation TO token_service_app`);
    for (const { gate } of replicas) await gate.open();
    await expectNewEpoch();
  });

  it('when the cluster or its timeline is another one', async () => {
    const { history } = await counter();
    const [cluster, timeline, table] = history.split('/');
    expect([cluster, timeline, table]).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/^[0-9A-F]{8}$/),
      expect.stringMatching(/^\d+$/),
    ]);
    await admin().query('UPDATE token.revocation_counter SET history = $1', [`${cluster}/00000000/${table}`]);
    await admin().query(`SELECT pg_terminate_backend(pid) ${backends}`);
    await expectNewEpoch();
    expect((await counter()).history).toBe(history);
  });

  it('when an epoch that ended is back', async () => {
    await admin().query(`SELECT * FROM token.begin_revocation_epoch('as before the backup')`);
    await expectNewEpoch();
    await admin().query('UPDATE token.revocation_counter SET epoch = $1', [held.epoch]);
    [token, held] = [await replicas[0].token(), { ...held, seq: (await counter()).seq }];
    await expectNewEpoch();
  });
});

describe('no epoch begins', () => {
  it('at the first look, which only remembers where it is, nor when connections come and go', async () => {
    await admin().query('UPDATE token.revocation_counter SET history = NULL');
    await admin().query(`SELECT pg_terminate_backend(pid) ${backends}`);
    await vi.waitFor(async () => expect((await counter()).history).not.toBeNull(), SOON);
    await admin().query(`SELECT pg_terminate_backend(pid) ${backends}`);
    await vi.waitFor(async () => expect((await admin().query(`SELECT 1 ${backends}`)).rowCount).toBe(2), SOON);
    expect(await counter()).toMatchObject(held);
    expect((await replicas[0].get('', token)).status).toBe(200);
  });

  it('twice, when several replicas notice together', async () => {
    const begin = `SELECT epoch FROM token.begin_revocation_epoch('x', $1)`;
    const first = (await admin().query<{ epoch: string }>(begin, [held.epoch])).rows[0]!.epoch;
    expect((await admin().query<{ epoch: string }>(begin, [held.epoch])).rows[0]!.epoch).toBe(first);
    expect(await counter()).toMatchObject({ epoch: first, seq: held.seq + 1 });
  });
});

describe('begin-revocation-epoch, for what nobody can see', () => {
  const run = async (...args: string[]) => {
    const load = `const { runnerImport } = await import('vite');
      await runnerImport(process.env.COMMAND, { configFile: process.env.VITE_CONFIG, logLevel: 'error' });`;
    const env = {
      PATH: process.env['PATH'],
      DATABASE_URL: feed.schemas.databaseUrl,
      COMMAND: join(folderOfApp, 'src', 'commands', 'begin-revocation-epoch.ts'),
      VITE_CONFIG: join(folderOfApp, 'vitest.config.mts'),
    };
    const ended = promisify(execFile)(process.execPath, ['--input-type=module', '-e', load, '--', ...args], {
      cwd: folderOfApp,
      env,
    });
    return ended.then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: { code: number; stderr: string }) => ({ code: error.code, output: error.stderr }),
    );
  };

  it('explains itself, and wants a reason', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/--reason[\s\S]*DATABASE_URL/),
    });
    expect(await run()).toMatchObject({ code: 2, output: expect.stringContaining('--reason <text> is missing') });
    expect(await counter()).toMatchObject(held);
  });

  it('begins one, and names the number that guards must reach', async () => {
    const { code, output } = await run('--reason', 'disk snapshot of yesterday');
    expect(code).toBe(0);
    const { epoch, seq } = await counter();
    expect(output).toContain(epoch);
    expect(output).toMatch(new RegExp(`^revocation seq: ${seq}$`, 'm'));
    await expectNewEpoch();
    const { rows } = await admin().query(`SELECT reason FROM token.revocation WHERE kind = 'all'`);
    expect(rows).toEqual([{ reason: 'disk snapshot of yesterday' }]);
  });
});
