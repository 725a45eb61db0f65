import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { LimitsPolicy } from '@partner-ecosystem/platform/limits';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { register, type Registration } from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import {
  call,
  createStage,
  management,
  serveOn,
  tokenForm,
  type Answer,
  type Served,
  type Stage,
} from '../served.fixture.spec.js';

let schemas: BothSchemas;
let stage: Stage;
const callers: { certificate: Issued; client: Registration }[] = [];
const running: Served[] = [];

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  while (callers.length < 2) {
    const certificate = await stage.authority.issueClient({ subject: 'CN=client' });
    callers.push({ certificate, client: await register(schemas.admin, certificate.certificatePem) });
  }
});
afterAll(async () => {
  await schemas?.stop();
  await stage?.remove();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(running.splice(0).map((service) => service.stop()));
});

async function serve(policy: Partial<LimitsPolicy>): Promise<Served> {
  // Some of these specs hold a lock for as long as they need it.
  const service = await serveOn(
    stage,
    `${schemas.databaseUrl}?lock_timeout=120000&statement_timeout=120000&query_timeout=120000`,
    {
      limits: new LimitsPolicy(policy),
    },
  );
  running.push(service);
  return service;
}

const ask = (service: Served, caller: number, claimed = caller): Promise<Answer> =>
  call({
    port: service.addresses['mtls']!.port,
    ca: stage.authority.certificatePem,
    as: callers[caller]!.certificate,
    body: tokenForm(callers[claimed]!.client.clientId),
  });

async function statuses(times: number, one: () => Promise<Answer>): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < times) seen.push((await one()).status);
  return seen;
}

// So rarely that a slow machine does not come by another place on its own.
const RARELY = 1 / 3_600;
const untilNext = (answer: Answer) => Number(answer.headers['retry-after']);

/** The rate's own clock goes on by so much, at once. */
function passes(ms: number): void {
  const real = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => real() + ms);
}

/** So many requests wait for the lock that the spec holds. */
async function untilWaiting(count: number): Promise<void> {
  const sql = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'token-service'`;
  await vi.waitFor(
    async () => {
      await schemas.admin.query('SELECT pg_stat_clear_snapshot()'); // else a transaction sees the same all along
      expect((await schemas.admin.query(sql)).rowCount).toBe(count);
    },
    { timeout: 240_000 },
  );
}

describe('per client', () => {
  it('what is too much is 429 with Retry-After, then the client is let in again', async () => {
    // As soon as that, because nothing else that this replica knows may grow old with the jump.
    const service = await serve({ perClient: { perSecond: 1 / 20, burst: 2 } });
    expect(await statuses(2, () => ask(service, 0))).toEqual([200, 200]);
    const refused = await ask(service, 0);
    expect(refused).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } });
    expect(refused.headers['cache-control']).toBe('no-store');
    expect(untilNext(refused)).toBeGreaterThanOrEqual(1);
    expect(untilNext(refused)).toBeLessThanOrEqual(20);
    expect(refused.body['request_id']).toBe(refused.headers['x-request-id']);
    expect((await ask(service, 1)).status).toBe(200);
    passes(untilNext(refused) * 1_000);
    expect((await ask(service, 0)).status).toBe(200);
  });

  it('a claim is not enough: nobody shuts another out by naming it', async () => {
    const service = await serve({ perClient: { perSecond: RARELY, burst: 1 } });
    expect(await statuses(5, () => ask(service, 1, 0))).toEqual([401, 401, 401, 401, 401]);
    expect((await ask(service, 0)).status).toBe(200);
  });

  it('is counted, and no event: a flood must not fill the record', async () => {
    const service = await serve({ perClient: { perSecond: RARELY, burst: 1 } });
    await schemas.admin.query('TRUNCATE token.authentication_event');
    expect(await statuses(3, () => ask(service, 0))).toEqual([200, 429, 429]);
    const { text } = await management(service, '/metrics');
    expect(text).toMatch(/^token_requests_refused_total\{error="temporarily_unavailable",check="client_rate",\S* 2$/m);
    await service.stop();
    const { rows } = await schemas.admin.query<{ outcome: string }>('SELECT outcome FROM token.authentication_event');
    expect(rows).toEqual([{ outcome: 'granted' }]);
  });
});

describe('per address', () => {
  it('whoever asks and whatever for, ahead of any work; other routes are not counted', async () => {
    const service = await serve({ perAddress: { perSecond: RARELY, burst: 3 } });
    const at = { port: service.addresses['mtls']!.port, ca: stage.authority.certificatePem };
    const unknown = tokenForm(`cli_${randomUUID().replaceAll('-', '')}`);
    expect(await statuses(3, () => call({ ...at, as: callers[0]!.certificate, body: unknown }))).toEqual([
      401, 401, 401,
    ]);
    for (const body of [unknown, 'x', 'a'.repeat(100_000)]) {
      const refused = await call({ ...at, as: callers[0]!.certificate, body });
      expect(refused).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } });
      expect(refused.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    }
    const tls = { ...at, port: service.addresses['tls']!.port, method: 'GET' };
    expect(await statuses(5, () => call({ ...tls, path: '/jwks' }))).toEqual([200, 200, 200, 200, 200]);
  });
});

describe('at once', () => {
  it('more requests than the bound are 503, and their places come back', async () => {
    const service = await serve({ concurrent: 2 });
    await schemas.admin.query('BEGIN');
    await schemas.admin.query('LOCK TABLE registry.clients IN ACCESS EXCLUSIVE MODE');
    const waiting = [ask(service, 0), ask(service, 1)];
    await untilWaiting(2);
    const refused = await ask(service, 0);
    expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect(refused.headers['retry-after']).toBe('2');
    await schemas.admin.query('COMMIT');
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask(service, 0)).status).toBe(200);
  });

  it('a request whose body drips in takes no place', async () => {
    const service = await serve({ concurrent: 1 });
    const { certificate } = callers[0]!;
    const tls = { ca: stage.authority.certificatePem, cert: certificate.chainPem, key: certificate.privateKeyPem };
    const slow = connect({ host: 'localhost', port: service.addresses['mtls']!.port, ...tls });
    await once(slow, 'secureConnect');
    slow.write('POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n');
    // Answered once the service has the head: from then on it waits for the body.
    slow.write('Expect: 100-continue\r\nContent-Length: 100\r\n\r\n');
    await once(slow, 'data');
    slow.write('grant');
    expect((await ask(service, 0)).status).toBe(200);
    slow.destroy();
  });

  it('a caller that goes away gives its place back', async () => {
    const service = await serve({ concurrent: 1 });
    await schemas.admin.query('BEGIN');
    await schemas.admin.query('LOCK TABLE registry.clients IN ACCESS EXCLUSIVE MODE');
    const { certificate, client } = callers[0]!;
    const tls = { ca: stage.authority.certificatePem, cert: certificate.chainPem, key: certificate.privateKeyPem };
    const gone = connect({ host: 'localhost', port: service.addresses['mtls']!.port, ...tls });
    await once(gone, 'secureConnect');
    const body = tokenForm(client.clientId);
    gone.write('POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n');
    gone.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    await untilWaiting(1);
    gone.destroy();
    await schemas.admin.query('COMMIT');
    await vi.waitFor(async () => expect((await ask(service, 0)).status).toBe(200), { timeout: 240_000 });
  });
});

describe('A34: a client that proved itself does not depend on strangers', () => {
  const stranger = (service: Served) =>
    call({ ...portOf(service), as: callers[1]!.certificate, body: tokenForm(callers[0]!.client.clientId) });
  const portOf = (service: Served) => ({
    port: service.addresses['mtls']!.port,
    ca: stage.authority.certificatePem,
  });

  it('strangers use up the rate of the address, and it is served', async () => {
    const service = await serve({ perAddress: { perSecond: 0.01, burst: 3 } });
    expect((await ask(service, 0)).status).toBe(200);
    expect(await statuses(4, () => stranger(service))).toEqual([401, 401, 429, 429]);
    expect(await statuses(3, () => ask(service, 0))).toEqual([200, 200, 200]);
    const { text } = await management(service, '/metrics');
    expect(text).toMatch(/^requests_over_limit_total\{limit="address_rate",\S* 2$/m);
  });

  it('strangers hold their share of the places, and it is served', async () => {
    const service = await serve({ concurrent: 3, concurrentUnproven: 1 });
    expect((await ask(service, 0)).status).toBe(200);
    await schemas.admin.query('BEGIN');
    await schemas.admin.query('LOCK TABLE registry.clients IN ACCESS EXCLUSIVE MODE');
    const unknown = () => tokenForm(`cli_${randomUUID().replaceAll('-', '')}`);
    const waiting = call({ ...portOf(service), as: callers[1]!.certificate, body: unknown() });
    await vi.waitFor(
      async () =>
        expect((await management(service, '/metrics')).text).toMatch(/^requests_in_progress\{proven="false",\S* 1$/m),
      { timeout: 240_000 },
    );
    const refused = await call({ ...portOf(service), as: callers[1]!.certificate, body: unknown() });
    expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect((await ask(service, 0)).status).toBe(200);
    await schemas.admin.query('COMMIT');
    expect([401, 503]).toContain((await waiting).status); // Postgres was waited for in vain, or not
  });
});

describe('A35: a page of another origin', () => {
  it.each<[string, Record<string, string>]>([
    ['/token', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['/introspect', { origin: 'null' }],
    ['/revoke', { 'sec-fetch-site': 'cross-site' }],
  ])('%s is 403 with %j, leaves no event and spends no rate, with a good certificate too', async (path, headers) => {
    const service = await serve({ perAddress: { perSecond: 0.01, burst: 1 } });
    await schemas.admin.query('TRUNCATE token.authentication_event, token.refused_attempts');
    const { certificate, client } = callers[0]!;
    const at = { port: service.addresses['mtls']!.port, ca: stage.authority.certificatePem, as: certificate };
    for (let times = 0; times < 3; times += 1) {
      const answer = await call({ ...at, path, headers, body: tokenForm(client.clientId) });
      expect(answer).toMatchObject({ status: 403, body: { error: 'invalid_request' } });
    }
    expect((await ask(service, 0)).status).toBe(200);
    await service.stop();
    const events = await schemas.admin.query<{ outcome: string }>('SELECT outcome FROM token.authentication_event');
    expect(events.rows).toEqual([{ outcome: 'granted' }]);
    expect((await schemas.admin.query('SELECT 1 FROM token.refused_attempts')).rows).toEqual([]);
  });
});
