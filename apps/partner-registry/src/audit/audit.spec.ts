import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../database/data-source.js';
import { startRegistry, type TestRegistry } from '../registry.testing.js';
import { canonicalJson } from './canonical-json.js';
import type { ChainHead } from './audit-trail.js';
import { verifyChain, type ChainVerdict } from './verify-chain.js';

interface Event {
  seq: number;
  previous_hash: string;
  hash: string;
  action: string;
  targets: string[];
  request_id: string;
}

const OPERATOR = `cli_${'c'.repeat(32)}`;
let registry: TestRegistry;
let reader: DataSource;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
  reader = await new DataSource(dataSourceOptions(registry.database.runtimeUrl)).initialize();
});

afterAll(async () => {
  await reader?.destroy();
  await registry?.stop();
});

const createPartner = (call = registry.call) =>
  call('/v1/partners', { method: 'POST', json: { slug: `partner-${++number}`, legal_name: 'Acme' } });
const verify = (...noted: ChainHead[]): Promise<ChainVerdict> =>
  reader.transaction('REPEATABLE READ', (snapshot) => verifyChain(snapshot, noted));
const admin = (sql: string, values: unknown[] = []) => registry.database.query(sql, values, registry.database.adminUrl);
const events = async (query: string): Promise<Event[]> => (await registry.call(`/v1/audit-events?${query}`)).body.items;
async function exported(query = ''): Promise<Event[]> {
  const answer = await registry.call(`/v1/audit-events${query}`, { headers: { accept: 'application/x-ndjson' } });
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  const lines = (answer.body as string).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as Event);
}

describe('an audit event', () => {
  it('says who did what to whom with which certificate, in which request, and what changed', async () => {
    const created = await createPartner();
    const { id } = created.body;
    const activated = await registry.act(`/v1/partners/${id}/activate`, { reason: 'Contract signed' });
    const found = await events(`target=${id}`);
    expect(found).toMatchObject([
      { action: 'partner.created', targets: [id], before: null, reason: null, after: created.body },
      {
        action: 'partner.activated',
        actor: { client_id: OPERATOR, certificate: registry.operator.thumbprint },
        before: { status: 'pending', status_reason: null, version: 1 },
        reason: 'Contract signed',
        request_id: activated.headers['x-request-id'],
      },
    ]);
    const { updated_at } = activated.body;
    expect((found[1] as unknown as { after: object }).after).toEqual({
      status: 'active',
      status_reason: 'Contract signed',
      version: 2,
      updated_at,
    });
  });

  it('is written for every kind of change, the bootstrap included', async () => {
    const partner_id = (await createPartner()).body.id;
    const client = (await registry.post('/v1/clients', { partner_id, client_name: 'Importer' })).body.id;
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=importer' });
    const certificate = (await registry.post(`/v1/clients/${client}/certificates`, { pem })).body.id;
    await registry.act(`/v1/clients/${client}/activate`, { reason: 'x' });
    await registry.act(`/v1/certificates/${certificate}/revoke`, { reason: 'superseded' });
    expect((await events(`target=${client}`)).map(({ action }) => action)).toEqual([
      'client.registered',
      'certificate.registered',
      'client.activated',
      'certificate.revoked',
    ]);
    expect(await events('actor=command:bootstrap&action=operator.bootstrapped')).toHaveLength(1);
    expect(JSON.stringify(await exported())).not.toContain('BEGIN CERTIFICATE');
  });

  it('is not written for what was refused', async () => {
    const before = await verify();
    await registry.post('/v1/partners', { slug: 'NO', legal_name: 'Acme' });
    await registry.act(`/v1/partners/ptn_${'0'.repeat(32)}/suspend`, { reason: 'x' });
    expect(await verify()).toEqual(before);
  });
});

describe('listing audit events', () => {
  it('page by page, in the order of the chain', async () => {
    await Promise.all([1, 2, 3].map(() => createPartner()));
    const all = await exported();
    const seen: Event[] = [];
    let path: string | undefined = '/v1/audit-events?limit=2';
    while (path) {
      const { body, headers } = await registry.call(path);
      seen.push(...body.items);
      path = /^<(.+)>/.exec(String(headers['link'] ?? ''))?.[1];
    }
    expect(seen).toEqual(all);
    expect(seen.map(({ seq }) => seq)).toEqual(all.map((_, at) => at + 1));
  });

  it('by action, actor, target and request, together', async () => {
    const created = await createPartner();
    const request_id = String(created.headers['x-request-id']);
    const [event] = await events(`request_id=${request_id}`);
    expect(event).toMatchObject({ action: 'partner.created', targets: [created.body.id] });
    const target = created.body.id;
    expect(await events(`request_id=${request_id}&target=${target}&actor=${OPERATOR}`)).toEqual([event]);
    expect(await events(`target=${target}&action=partner.suspended`)).toEqual([]);
    expect(await events('actor=cli_nobody')).toEqual([]);
    expect(await exported(`?target=${target}`)).toEqual([event]);
  });

  it.each(['limit=0', 'cursor=x', `cursor=${Buffer.from('s:-1').toString('base64url')}`, 'action=', 'after=3'])(
    'refuses %s',
    async (query) => expect((await registry.call(`/v1/audit-events?${query}`)).status).toBe(400),
  );

  it('is read along an index, whatever the filter', async () => {
    const url = new URL(registry.database.adminUrl);
    url.searchParams.set('options', '-c enable_seqscan=off -c enable_bitmapscan=off');
    for (const sql of [
      'SELECT * FROM registry.audit_events WHERE seq > 1 ORDER BY seq LIMIT 51',
      `SELECT * FROM registry.audit_events WHERE action = 'x' AND seq > 1 ORDER BY seq LIMIT 51`,
      `SELECT * FROM registry.audit_events WHERE actor = 'x' AND seq > 1 ORDER BY seq LIMIT 51`,
      `SELECT * FROM registry.audit_events WHERE request_id = 'x' AND seq > 1 ORDER BY seq LIMIT 51`,
      `SELECT * FROM registry.audit_event_targets t JOIN registry.audit_events e ON e.seq = t.seq WHERE t.seq > 1 AND t.target = 'x' ORDER BY t.seq LIMIT 51`,
    ]) {
      const plan = JSON.stringify(await registry.database.query(`EXPLAIN (FORMAT JSON) ${sql}`, [], url.href));
      expect(plan, sql).not.toMatch(/"Sort"|Seq Scan/);
    }
  });
});

describe('the chain', () => {
  it('can be checked by whoever has the export alone', async () => {
    await createPartner();
    let previous = '0'.repeat(64);
    for (const { hash, ...event } of await exported()) {
      expect(event.previous_hash).toBe(previous);
      expect(createHash('sha256').update(canonicalJson(event)).digest('hex')).toBe(hash);
      previous = hash;
    }
    expect(await verify()).toMatchObject({ intact: true, head: { hash: previous } });
  });

  it('is one, whoever writes: fifty at once on two replicas', async () => {
    const replica = await registry.startReplica();
    const before = (await exported()).length;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => createPartner(at % 2 ? replica : registry.call)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201));
    const verdict = await verify();
    expect(verdict).toMatchObject({ intact: true, head: { seq: before + 50 } });
    const targets = (await exported()).slice(before).flatMap((event) => event.targets);
    expect(targets.sort()).toEqual(answers.map(({ body }) => body.id as string).sort());
  });

  it('cannot be changed or cut by the role the registry runs as', async () => {
    for (const sql of [
      'UPDATE registry.audit_events SET hash = hash',
      'DELETE FROM registry.audit_events',
      'TRUNCATE registry.audit_events CASCADE',
      'DELETE FROM registry.audit_event_targets',
      'UPDATE registry.audit_event_targets SET seq = seq',
      'DELETE FROM registry.audit_head',
      "INSERT INTO registry.audit_head (one_row, seq, hash) VALUES (false, 0, repeat('0', 64))",
      'UPDATE registry.outbox_events SET data = data',
      'DELETE FROM registry.outbox_events',
      'DELETE FROM registry.outbox_counter',
    ]) {
      await expect(registry.database.query(sql), sql).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('the first bad link is named', () => {
  let head: ChainHead;
  const forged = (canonical: string) => createHash('sha256').update(canonical).digest('hex');

  beforeAll(async () => {
    await Promise.all([1, 2, 3].map(() => createPartner()));
    const verdict = await verify();
    if (!verdict.intact) throw new Error('the chain is broken before anybody broke it');
    head = verdict.head;
  });

  /** What somebody with every right does to the tables, looked at, then undone. */
  async function after(...tampering: string[]): Promise<ChainVerdict> {
    const owner = await new DataSource({ type: 'postgres', url: registry.database.adminUrl }).initialize();
    const runner = owner.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query('DELETE FROM registry.audit_event_targets');
      for (const sql of tampering) await runner.query(sql);
      return await verifyChain(runner.manager);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
      await owner.destroy();
    }
  }

  it('a text that was changed', async () => {
    const change = `UPDATE registry.audit_events SET canonical = replace(canonical, '"action":"', '"action":"un') WHERE seq = 3`;
    expect(await after(change)).toEqual({ intact: false, seq: 3, fault: 'altered' });
  });

  it('a text that was changed together with its hash', async () => {
    const [{ canonical }] = await admin('SELECT canonical FROM registry.audit_events WHERE seq = 3');
    const text = (canonical as string).replace('"action":"', '"action":"un');
    const change = `UPDATE registry.audit_events SET canonical = '${text}', hash = '${forged(text)}' WHERE seq = 3`;
    expect(await after(change)).toEqual({ intact: false, seq: 4, fault: 'unlinked' });
  });

  it('an event that is gone', async () => {
    expect(await after('DELETE FROM registry.audit_events WHERE seq = 2')).toEqual({
      intact: false,
      seq: 2,
      fault: 'missing',
    });
    expect(await after('DELETE FROM registry.audit_events WHERE seq = 1')).toMatchObject({ seq: 1, fault: 'missing' });
  });

  it('two events that changed places', async () => {
    const swap = [
      'UPDATE registry.audit_events SET seq = 1000000 WHERE seq = 2',
      'UPDATE registry.audit_events SET seq = 2 WHERE seq = 3',
      'UPDATE registry.audit_events SET seq = 3 WHERE seq = 1000000',
    ];
    expect(await after(...swap)).toEqual({ intact: false, seq: 2, fault: 'unlinked' });
  });

  it('a tail that was cut off', async () => {
    const cut = `DELETE FROM registry.audit_events WHERE seq > ${head.seq - 2}`;
    expect(await after(cut)).toEqual({ intact: false, seq: head.seq - 1, fault: 'truncated' });
    expect(await after('DELETE FROM registry.audit_events')).toEqual({ intact: false, seq: 1, fault: 'truncated' });
  });

  it('an event that the head does not count, and a head that names another hash', async () => {
    expect(await after(`UPDATE registry.audit_head SET seq = seq - 1`)).toEqual({
      intact: false,
      seq: head.seq,
      fault: 'beyond_head',
    });
    expect(await after(`UPDATE registry.audit_head SET hash = repeat('1', 64)`)).toEqual({
      intact: false,
      seq: head.seq,
      fault: 'another_hash',
    });
  });

  it('a chain that was cut or rewritten together with its head, for whoever noted the head down', async () => {
    expect(await verify(head)).toMatchObject({ intact: true });
    expect(await verify({ ...head, hash: '1'.repeat(64) })).toEqual({
      intact: false,
      seq: head.seq,
      fault: 'another_hash',
    });
    expect(await verify({ ...head, seq: head.seq + 1 })).toEqual({
      intact: false,
      seq: head.seq + 1,
      fault: 'truncated',
    });
  });
});
