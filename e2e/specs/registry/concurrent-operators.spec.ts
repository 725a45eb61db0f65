import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../stack/admin/https-client.js';
import { Operator, textIn } from '../../stack/admin/operator.js';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { startReplica, type Replica } from '../../stack/processes/replica.js';
import { clientCertificate, StackUnderTest } from '../black-box/stack-under-test.js';
import { anotherOperator, registryScopes } from './two-operators.js';

describe('two operators, and two replicas of the registry', () => {
  const stack = new StackUnderTest();
  const { operator: first, running } = stack;
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-replica-'));
  let second: Operator;
  let replica: Replica;
  let partner: OnboardedPartner;

  beforeAll(async () => {
    second = (await anotherOperator(first, await registryScopes(first))).operator;
    partner = await stack.onboard(await clientCertificate('CN=edited,O=Concurrency'));
    const settings = running.settings['partner-registry'];
    replica = await startReplica({
      app: 'partner-registry',
      settings,
      directory,
      signal: AbortSignal.timeout(300_000),
    });
  });
  afterAll(async () => {
    await replica?.process.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const patch = (
    operator: Operator,
    etag: string | undefined,
    mergePatch: object,
    registry?: string,
  ): Promise<Answer> =>
    operator.send(
      `/v1/clients/${partner.clientKey}`,
      { mergePatch, ...(etag !== undefined && { headers: { 'if-match': etag } }) },
      registry,
    );
  const read = (operator: Operator): Promise<Answer> => operator.send(`/v1/clients/${partner.clientKey}`);
  const auditOf = async (filter: string): Promise<Record<string, unknown>[]> =>
    (await first.call(`/v1/audit-events?limit=200&${filter}`, {}, 200)).body['items'] as Record<string, unknown>[];

  describe('the same client, edited by both', () => {
    it('the second one gets 412 and loses nothing: after reading again both changes are there', async () => {
      const [mine, yours] = [await read(first), await read(second)];
      expect(mine.headers['etag']).toBe(yours.headers['etag']);
      expect((await patch(first, mine.headers['etag'], { client_name: 'Renamed by the first' })).status).toBe(200);
      const refused = await patch(second, yours.headers['etag'], { access_token_ttl: 120 });
      expect(refused).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
      const now = await read(second);
      expect(now.body).toMatchObject({ client_name: 'Renamed by the first', access_token_ttl: 300 });
      expect((await patch(second, now.headers['etag'], { access_token_ttl: 120 })).status).toBe(200);
      const both = { client_name: 'Renamed by the first', access_token_ttl: 120 };
      expect((await read(first)).body).toMatchObject(both);
    });

    it('of ten changes of one version, on two replicas at the same time, one is made and nine get 412', async () => {
      const { headers, body } = await read(first);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          patch(
            index % 2 ? first : second,
            headers['etag'],
            { access_token_ttl: 300 + index },
            index % 3 ? replica.url : undefined,
          ),
        ),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
      const made = answers.find(({ status }) => status === 200)!;
      expect({ ...(await read(first)).body, warnings: [] }).toEqual(made.body);
      expect(made.body['version']).toBe(Number(body['version']) + 1);
    });

    it('without If-Match nothing is replaced: 428', async () => {
      const before = (await read(first)).body;
      expect(await patch(first, undefined, { access_token_ttl: 60 })).toMatchObject({ status: 428 });
      expect((await read(first)).body).toEqual(before);
    });
  });

  describe('the same POST with the same Idempotency-Key', () => {
    const register = (operator: Operator, key: string, clientName: string, registry?: string): Promise<Answer> => {
      const json = { partner_id: partner.partnerId, client_name: clientName };
      return operator.send('/v1/clients', { json, headers: { 'idempotency-key': key } }, registry);
    };
    const clientsNamed = async (name: string): Promise<unknown[]> => {
      const { body } = await first.call(`/v1/clients?limit=200&partner_id=${partner.partnerId}`, {}, 200);
      return (body['items'] as { client_name: string }[]).filter(({ client_name }) => client_name === name);
    };

    it('twice: one client, the same answer, one audit event', async () => {
      const key = randomUUID();
      const [once, again] = [await register(first, key, 'Twice'), await register(first, key, 'Twice')];
      expect([once.status, again.status]).toEqual([201, 201]);
      expect(again.body).toEqual(once.body);
      expect(await clientsNamed('Twice')).toHaveLength(1);
      expect(await auditOf(`target=${textIn(once, 'id')}`)).toHaveLength(1);
    });

    it('twenty times at once, on two replicas: one client, the same answer', async () => {
      const key = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => register(first, key, 'At once', index % 2 ? replica.url : undefined)),
      );
      const [one] = answers;
      for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 201, body: one!.body });
      expect(await clientsNamed('At once')).toHaveLength(1);
    });

    it('with another payload: 422, and nothing is made of it', async () => {
      const key = randomUUID();
      await register(first, key, 'The first payload');
      const other = await register(first, key, 'Another payload', replica.url);
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
      expect(await clientsNamed('Another payload')).toEqual([]);
    });

    it("is another operator's own: theirs is another request", async () => {
      const key = randomUUID();
      const [mine, yours] = [await register(first, key, 'Mine'), await register(second, key, 'Yours')];
      expect([mine.status, yours.status]).toEqual([201, 201]);
      expect(yours.body['id']).not.toBe(mine.body['id']);
    });

    it('on a status action, at once on two replicas: it is done once and answered the same', async () => {
      const suspend = (registry?: string): Promise<Answer> =>
        first.send(
          `/v1/clients/${partner.clientKey}/suspend`,
          { json: { reason: 'idempotent' }, headers: { 'idempotency-key': 'suspend-once', 'if-match': '*' } },
          registry,
        );
      const answers = await Promise.all([suspend(), suspend(replica.url), suspend(), suspend(replica.url)]);
      for (const { status, body } of answers) expect([status, body]).toEqual([200, answers[0]!.body]);
      expect(await auditOf(`target=${partner.clientKey}&action=client.suspended`)).toHaveLength(1);
    });
  });
});
