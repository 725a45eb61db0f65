import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
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
import { LimitsPolicy } from './limits-policy.js';

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
}, 60_000);
afterAll(async () => {
  await schemas?.stop();
  await stage?.remove();
});
afterEach(() => Promise.all(running.splice(0).map((service) => service.stop())));

async function serve(policy: Partial<LimitsPolicy>): Promise<Served> {
  const service = await serveOn(stage, schemas.databaseUrl, { limits: new LimitsPolicy(policy) });
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

describe('per client', () => {
  it('what is too much is 429 with Retry-After, then the client is let in again', async () => {
    const service = await serve({ perClient: { perSecond: 1, burst: 2 } });
    expect(await statuses(2, () => ask(service, 0))).toEqual([200, 200]);
    const refused = await ask(service, 0);
    expect(refused).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } });
    expect(refused.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store' });
    expect(refused.body['request_id']).toBe(refused.headers['x-request-id']);
    expect((await ask(service, 1)).status).toBe(200);
    await sleep(1_000);
    expect((await ask(service, 0)).status).toBe(200);
  });

  it('a claim is not enough: nobody shuts another out by naming it', async () => {
    const service = await serve({ perClient: { perSecond: 1, burst: 1 } });
    expect(await statuses(5, () => ask(service, 1, 0))).toEqual([401, 401, 401, 401, 401]);
    expect((await ask(service, 0)).status).toBe(200);
  });

  it('is counted, and no event: a flood must not fill the record', async () => {
    const service = await serve({ perClient: { perSecond: 1, burst: 1 } });
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
    const service = await serve({ perAddress: { perSecond: 1, burst: 3 } });
    const at = { port: service.addresses['mtls']!.port, ca: stage.authority.certificatePem };
    const unknown = tokenForm(`cli_${randomUUID().replaceAll('-', '')}`);
    expect(await statuses(3, () => call({ ...at, as: callers[0]!.certificate, body: unknown }))).toEqual([
      401, 401, 401,
    ]);
    for (const body of [unknown, 'x', 'a'.repeat(100_000)]) {
      const refused = await call({ ...at, as: callers[0]!.certificate, body });
      expect(refused).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } });
      expect(refused.headers['retry-after']).toBe('1');
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
    await sleep(300);
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
    slow.write('Content-Length: 100\r\n\r\ngrant');
    await sleep(100);
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
    await sleep(200);
    gone.destroy();
    await schemas.admin.query('COMMIT');
    await vi.waitFor(async () => expect((await ask(service, 0)).status).toBe(200));
  });
});
