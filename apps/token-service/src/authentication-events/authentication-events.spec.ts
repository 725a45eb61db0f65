import { randomUUID } from 'node:crypto';
import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import { Agent } from 'node:https';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { Gate } from '../database/gate.fixture.spec.js';
import {
  AUDIENCE,
  register,
  SCOPE,
  type Registration,
} from '../clients/registered-clients/registrations.fixture.spec.js';
import type { ServiceConfig } from '../configuration/config.js';
import {
  call,
  createStage,
  management,
  serveOn,
  tokenForm,
  type Answer,
  type Call,
  type Served,
  type Stage,
} from '../served.fixture.spec.js';
import { AuthenticationEventsPolicy } from './authentication-events-policy.js';

type Row = Record<string, unknown>;

let schemas: BothSchemas;
let stage: Stage;
let owner: Issued;
let client: Registration;
let gate: Gate;
const running: Served[] = [];

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  owner = await stage.authority.issueClient({ subject: 'CN=client' });
  client = await register(schemas.admin, owner.certificatePem);
});
afterAll(async () => {
  await schemas?.stop();
  await stage?.remove();
});
beforeEach(async () => {
  await schemas.admin.query('TRUNCATE token.authentication_event, token.certificate_seen, token.refused_attempts');
  gate = new Gate(schemas.postgres.adminUrl);
  await gate.open();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop()));
  await gate.close();
});

async function serve(
  policy: Partial<AuthenticationEventsPolicy> = {},
  changes: Partial<ServiceConfig> = {},
): Promise<Served> {
  const authenticationEvents = new AuthenticationEventsPolicy({ lastWriteMs: 60_000, ...policy });
  const service = await serveOn(stage, gate.urlOf(schemas.databaseUrl), { authenticationEvents, ...changes });
  running.push(service);
  return service;
}

const ask = (service: Served, o: Partial<Call> & { listener?: string } = {}): Promise<Answer> => {
  const { port } = service.addresses[o.listener ?? 'mtls']!;
  return call({ ca: stage.authority.certificatePem, as: owner, body: tokenForm(client.clientId), ...o, port });
};

async function rows(sql = 'SELECT * FROM token.authentication_event ORDER BY occurred_at'): Promise<Row[]> {
  return (await schemas.admin.query<Row>(sql)).rows;
}
const count = async () => (await rows()).length;

describe('every attempt is recorded once', () => {
  it('granted: who, with which certificate, for what', async () => {
    const service = await serve();
    const before = Date.now();
    const answer = await ask(service);
    expect(answer.status).toBe(200);
    await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 240_000 });
    const [event] = await rows();
    const claims = JSON.parse(
      Buffer.from(String(answer.body['access_token']).split('.')[1]!, 'base64url').toString(),
    ) as Row;
    expect(event).toMatchObject({
      request_id: answer.headers['x-request-id'],
      outcome: 'granted',
      error: null,
      failed_check: null,
      client_id: client.clientId,
      partner_id: client.partnerId,
      method: 'tls_client_auth',
      authenticated: true,
      thumbprint: owner.thumbprint,
      address: expect.stringMatching(/127\.0\.0\.1$/) as string,
      audience: AUDIENCE,
      scope: SCOPE,
      jti: claims['jti'],
      expires_at: new Date(Number(claims['exp']) * 1_000),
    });
    // A millisecond for the clock that is not this one's.
    const occurredAt = (event!['occurred_at'] as Date).getTime();
    expect([occurredAt >= before - 1, occurredAt <= Date.now() + 1]).toEqual([true, true]);
    expect(service.lines).toContainEqual(expect.objectContaining({ msg: 'token issued', jti: claims['jti'] }));
  });

  it('refused: the check that failed; A34: strangers are counted by it', async () => {
    const service = await serve();
    const stranger = await (await createAuthority({ name: 'Another' })).issueClient({ subject: 'CN=client' });
    const unknown = `cli_${randomUUID().replaceAll('-', '')}`;
    const json = { 'content-type': 'application/json' };
    const form = (more: string) => ({ body: tokenForm(client.clientId, more) });
    const cases: [Partial<Call> & { listener?: string }, number, Row][] = [
      [{ body: tokenForm(unknown) }, 401, { failed_check: 'client_unknown', client_id: '' }],
      [{ body: tokenForm('a\u0000b') }, 401, { failed_check: 'client_unknown', client_id: '' }],
      [{ as: stranger }, 401, { failed_check: 'certificate_not_registered', client_id: client.clientId }],
      [{ as: undefined }, 401, { failed_check: 'certificate_missing' }],
      [form('&scope=other'), 400, { failed_check: 'scope_not_granted', authenticated: true }],
      [form('&resource=https://other.test'), 400, { failed_check: 'audience_not_granted', authenticated: true }],
      [form('&client_id=b'), 400, { failed_check: 'request_malformed', client_id: '' }],
      [{ body: '{}', headers: json }, 415, { failed_check: 'request_malformed', error: 'invalid_request' }],
      [form(`&x=${'a'.repeat(20_000)}`), 413, { failed_check: 'request_malformed', error: 'invalid_request' }],
      [{ listener: 'tls' }, 401, { failed_check: 'wrong_listener' }],
    ];
    const answers: [Answer, Row][] = [];
    for (const [request, status, row] of cases) {
      const answer = await ask(service, request);
      expect([answer.status, row['failed_check']]).toEqual([status, row['failed_check']]);
      answers.push([answer, row]);
    }
    await service.stop();
    const [stored, counted] = [await rows(), await rows('SELECT * FROM token.refused_attempts')];
    expect(stored).toHaveLength(2);
    expect(counted.reduce((sum, { attempts }) => sum + Number(attempts), 0)).toBe(cases.length - 2);
    for (const [{ body }, { authenticated = false, ...row }] of answers) {
      const id = body['request_id'];
      const found = authenticated
        ? stored.find(({ request_id }) => request_id === id)
        : counted.find(({ request_ids }) => (request_ids as unknown[]).includes(id));
      expect(found).toMatchObject({ error: body['error'], ...row });
      if (!authenticated) expect(found).toMatchObject({ address_range: '127.0.0.0/24', endpoint: 'token' });
    }
  });

  it(
    'A34: a thousand attempts of strangers are one row, and take no place of a client, Postgres away or not',
    { timeout: 240_000 },
    async () => {
      const service = await serve({ queueBound: 2, refusedMs: 50 });
      expect((await ask(service)).status).toBe(200);
      await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 240_000 });
      const flood = async (times: number) => {
        const agent = new Agent({ keepAlive: true, maxSockets: 5 });
        const stranger = await stage.authority.issueClient({ subject: 'CN=stranger' });
        const sent = Array.from({ length: times }, () => ask(service, { as: stranger, agent }));
        const statuses = new Set((await Promise.all(sent)).map(({ status }) => status));
        agent.destroy();
        return [...statuses];
      };
      expect(await flood(500)).toEqual([401]);
      await gate.close();
      expect(await flood(500)).toEqual([401]);
      expect((await ask(service)).status).toBe(200);
      await gate.open();
      const stored = async () => rows('SELECT failed_check, client_id, attempts::int FROM token.refused_attempts');
      const expected = { failed_check: 'certificate_not_registered', client_id: client.clientId, attempts: 1_000 };
      await vi.waitFor(async () => expect(await stored()).toEqual([expected]), { timeout: 240_000 });
      await vi.waitFor(async () => expect(await count()).toBe(2), { timeout: 240_000 });
    },
  );

  it('what was written already, because nobody heard that it was, is not written again', async () => {
    const service = await serve({ batchMs: 50 });
    await ask(service);
    await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 240_000 });
    const [event] = await rows();
    const { AuthenticationEventsRepository } = await import('./authentication-events.repository.js');
    await service.app.get(AuthenticationEventsRepository, { strict: false }).store([event as never]);
    expect(await rows()).toEqual([event]);
  });
});

describe('batches', () => {
  it('many events are few transactions', async () => {
    // As full as a batch may be, or an hour old: a slow machine is not to begin another one.
    const service = await serve({ batchMs: 3_600_000, batchBound: 50 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(service)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    await vi.waitFor(async () => expect(await count()).toBe(100), { timeout: 240_000, interval: 20 });
    const [{ batches }] = (await rows(
      'SELECT count(DISTINCT xmin::text)::int AS batches FROM token.authentication_event',
    )) as [{ batches: number }];
    expect(batches).toBeLessThanOrEqual(2);
  });

  it('a graceful stop writes what waits', async () => {
    const service = await serve({ batchMs: 60_000 });
    for (let i = 0; i < 5; i += 1) expect((await ask(service)).status).toBe(200);
    expect(await count()).toBe(0);
    await service.stop();
    expect(await count()).toBe(5);
  });

  it('a stop without Postgres says how many events are lost', async () => {
    const service = await serve({ batchMs: 60_000, lastWriteMs: 300 });
    await ask(service);
    await gate.close();
    await service.stop();
    expect(service.lines).toContainEqual(expect.objectContaining({ level: 'error', events: 1 }));
  });
});

describe('fails closed', () => {
  it('a full queue refuses to issue with 503, drops nothing, and recovers by itself', async () => {
    const service = await serve({ queueBound: 5 });
    expect((await ask(service)).status).toBe(200);
    await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 240_000 });
    await gate.close();
    const statuses: number[] = [];
    for (let i = 0; i < 8; i += 1) statuses.push((await ask(service)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 503, 503, 503]);
    const full = await ask(service);
    expect(full).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(full.headers['retry-after']).toBe('2');
    const refused = service.lines.find((line) => line['request_id'] === full.body['request_id'] && line['check']);
    expect(refused).toMatchObject({ check: 'events_queue_full' });
    await gate.open();
    await vi.waitFor(async () => expect(await count()).toBe(6), { timeout: 240_000 });
    await vi.waitFor(async () => expect((await ask(service)).status).toBe(200), { timeout: 240_000 });
  });

  it('requests that end without a decision give their place back', async () => {
    const service = await serve({ queueBound: 2 });
    await gate.close();
    await vi.waitFor(() => expect(service.lines.some(({ msg }) => String(msg).includes('not followed'))).toBe(true), {
      timeout: 240_000,
    });
    const unknown = `cli_${randomUUID().replaceAll('-', '')}`;
    for (let i = 0; i < 5; i += 1) {
      const { status, headers } = await ask(service, { body: tokenForm(unknown) });
      expect([status, headers['retry-after']]).toEqual([503, '2']);
    }
    await gate.open();
    await vi.waitFor(async () => expect((await ask(service)).status).toBe(200), { timeout: 240_000 });
    await service.stop();
    expect((await rows()).map(({ outcome }) => outcome)).toEqual(['granted']);
  });

  it('without a partition for today the service does not start', async () => {
    await schemas.admin.query('ALTER FUNCTION token.keep_authentication_event_partitions(integer) RENAME TO away');
    await expect(serve()).rejects.toThrow(/keep_authentication_event_partitions/);
    await schemas.admin.query('ALTER FUNCTION token.away(integer) RENAME TO keep_authentication_event_partitions');
  });
});

describe('retention', () => {
  const partitions = async () =>
    (
      await rows(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'token.authentication_event'::regclass ORDER BY 1`,
      )
    ).map(({ name }) => String(name));
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const nameOf = (date: string) => `token.authentication_event_${date.replaceAll('-', '')}`;
  const add = (date: string) =>
    schemas.admin.query(
      `CREATE TABLE ${nameOf(date)} PARTITION OF token.authentication_event
         FOR VALUES FROM ('${date}T00:00:00Z') TO ('${date}T00:00:00Z'::timestamptz + interval '1 day');
       ALTER TABLE ${nameOf(date)} OWNER TO token_service_owner`,
    );

  it('a week of partitions is there ahead, and what is older than the limit goes, whole days', async () => {
    await add(day(-30));
    await add(day(-31));
    await schemas.admin.query(`INSERT INTO token.authentication_event (occurred_at, request_id, outcome, authenticated)
      VALUES ('${day(-30)}T12:00:00Z', 'kept', 'refused', false), ('${day(-31)}T12:00:00Z', 'old', 'refused', false)`);
    await schemas.admin.query(`DROP TABLE ${nameOf(day(7))}`);
    const service = await serve({ keptDays: 30 });
    const names = await partitions();
    expect(names).toContain(nameOf(day(7)));
    expect(names).toContain(nameOf(day(-30)));
    expect(names).not.toContain(nameOf(day(-31)));
    expect((await rows()).map(({ request_id }) => request_id)).toEqual(['kept']);
    expect(service.lines).toContainEqual(expect.objectContaining({ msg: 'old authentication events dropped' }));
    await schemas.admin.query(`DROP TABLE ${nameOf(day(-30))}`);
  });

  it('goes on while the service runs, with two replicas at once', async () => {
    const replicas = [await serve({ retentionMs: 50 }), await serve({ retentionMs: 50 })];
    await add(day(-200));
    await vi.waitFor(async () => expect(await partitions()).not.toContain(nameOf(day(-200))), { timeout: 240_000 });
    const errors = replicas.flatMap(({ lines }) => lines.filter(({ level }) => level === 'error'));
    expect(errors).toEqual([]);
  });
});

describe('least privilege and the published views', () => {
  const as = async (url: string, sql: string): Promise<Row[]> => {
    const login = new pg.Client({ connectionString: url });
    await login.connect();
    try {
      return (await login.query<Row>(sql)).rows;
    } finally {
      await login.end();
    }
  };

  it.each([
    'SELECT 1 FROM token.authentication_event',
    `UPDATE token.authentication_event SET client_id = 'x'`,
    'DELETE FROM token.authentication_event',
    'TRUNCATE token.authentication_event',
    'DELETE FROM token.certificate_seen',
    'SELECT 1 FROM token.authentication_event_published',
  ])('the service cannot %s', async (sql) => {
    await expect(as(schemas.databaseUrl, sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('nor have events dropped before a week', async () => {
    const drop = (days: string) =>
      as(schemas.databaseUrl, `SELECT token.keep_authentication_event_partitions(${days})`);
    for (const days of ['6', '0', '-1', 'NULL']) await expect(drop(days)).rejects.toMatchObject({ code: '22023' });
    expect(await drop('7')).toEqual([]);
  });

  it('the registry reads both views, and nothing behind them', async () => {
    const service = await serve({ batchMs: 10 });
    const before = new Date();
    await ask(service);
    await ask(service, { body: tokenForm(client.clientId, '&scope=other') });
    const stranger = await stage.authority.issueClient({ subject: 'CN=stranger' });
    await ask(service, { as: stranger });
    await service.stop();
    const uses = await as(schemas.registryUrl, 'SELECT * FROM token.certificate_use');
    expect(uses).toEqual([
      { thumbprint: owner.thumbprint, first_seen_at: expect.any(Date) as Date, last_seen_at: expect.any(Date) as Date },
    ]);
    const [{ first_seen_at, last_seen_at }] = uses as [{ first_seen_at: Date; last_seen_at: Date }];
    expect(first_seen_at.getTime()).toBeGreaterThanOrEqual(before.getTime() - 1);
    expect(last_seen_at.getTime()).toBeGreaterThan(first_seen_at.getTime());
    const published = await as(
      schemas.registryUrl,
      'SELECT * FROM token.authentication_event_published ORDER BY occurred_at',
    );
    expect(published.map(({ failed_check }) => failed_check)).toEqual([null, 'scope_not_granted']);
    const refused = await as(schemas.registryUrl, 'SELECT * FROM token.refused_attempts_published');
    expect(refused).toEqual([
      expect.objectContaining({
        failed_check: 'certificate_not_registered',
        client_id: client.clientId,
        attempts: '1',
      }),
    ]);
    expect(Object.keys(published[0]!)).toEqual([
      ...['occurred_at', 'request_id', 'outcome', 'error', 'failed_check', 'client_id', 'partner_id', 'method'],
      ...['authenticated', 'thumbprint', 'address', 'audience', 'scope', 'jti', 'expires_at'],
    ]);
    for (const table of ['authentication_event', 'certificate_seen', 'refused_attempts']) {
      await expect(as(schemas.registryUrl, `SELECT 1 FROM token.${table}`)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(
      as(schemas.registryUrl, 'SELECT token.keep_authentication_event_partitions(90)'),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

it('/metrics: issued, refused by reason, the queue, the cache', async () => {
  const service = await serve({ batchMs: 10 });
  await ask(service);
  await ask(service, { as: undefined });
  await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 240_000 });
  await vi.waitFor(
    async () => expect((await management(service, '/metrics')).text).toMatch(/^authentication_events_queued\S* 0$/m),
    { timeout: 240_000 },
  );
  const { text } = await management(service, '/metrics');
  expect(text).toMatch(/^tokens_issued_total\S* 1$/m);
  expect(text).toMatch(/^token_requests_refused_total\{error="invalid_client",check="certificate_missing",\S* 1$/m);
  expect(text).toMatch(/^authentication_events_stored_total\S* 1$/m);
  expect(text).toMatch(/^registered_clients_kept\{kind="known",\S* 1$/m);
  const [, age] = /^registered_clients_age_seconds\S* (\S+)$/m.exec(text)!;
  expect(Number(age)).toBeLessThanOrEqual(120); // the patience of this spec: beyond it nothing would be kept
  expect(text).toMatch(/^signing_key_age_seconds\{purpose="access_token",alg="ES256",status="current",/m);
});
