import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mintCertificate, type Minted, type MintOptions } from '@partner-ecosystem/test-pki';
import { expect, vi } from 'vitest';
import type { TestAnswer, TestRegistry } from '../registry.testing.js';

const SOON = { timeout: 240_000, interval: 50 };

/** Where an authority publishes: a real server, whose answers can be changed. */
export interface ListServer {
  /** @returns the address of the place */
  publish(path: string, answer: Buffer | RequestListener): string;
  asked(path: string): number;
  stop(): Promise<void>;
}

export async function startListServer(): Promise<ListServer> {
  const answers = new Map<string, RequestListener>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const answer = answers.get(request.url!);
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    publish: (path, answer) => {
      answers.set(path, typeof answer === 'function' ? answer : (_, response) => void response.end(answer));
      return `http://127.0.0.1:${port}${path}`;
    },
    asked: (path) => asked.filter((url) => url === path).length,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A partner with clients under an authority of its own, as an operator makes them. */
export class Scene {
  private made = 0;

  constructor(readonly registry: TestRegistry) {}

  async partner(): Promise<string> {
    const slug = `partner-${Date.now()}-${++this.made}`;
    return (await this.created('/v1/partners', { slug, legal_name: 'Acme' })).id;
  }

  async anchor(authority: Minted, fields: object = {}): Promise<string> {
    return (await this.created('/v1/trust-anchors', { name: 'Root', pem: authority.certificatePem, ...fields })).id;
  }

  /** Active, under these anchors, without a certificate. */
  async client(partner_id: string, anchors: string[], fields: object = {}): Promise<string> {
    const request = { partner_id, client_name: 'Importer', ...fields };
    const { id } = await this.created('/v1/clients', request);
    for (const trust_anchor_id of anchors) await this.created(`/v1/clients/${id}/trust-anchors`, { trust_anchor_id });
    return id;
  }

  leaf(issuer: Minted, options: Partial<MintOptions> = {}): Promise<Minted> {
    return mintCertificate({ subject: 'CN=leaf', issuer, ...options });
  }

  upload(client: string, ...chain: Minted[]): Promise<TestAnswer> {
    const pem = chain.map(({ certificatePem }) => certificatePem).join('');
    return this.registry.post(`/v1/clients/${client}/certificates`, { pem });
  }

  bring(anchor: string, der: Buffer, query = ''): Promise<TestAnswer> {
    const raw = { type: 'application/pkix-crl', text: der };
    return this.registry.call(`/v1/trust-anchors/${anchor}/crls${query}`, { method: 'POST', raw });
  }

  // Whatever came back, for specs to compare.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async read(path: string): Promise<any> {
    return (await this.registry.call(path)).body;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async lists(anchor: string): Promise<any[]> {
    return (await this.read(`/v1/trust-anchors/${anchor}/crls`)).items;
  }

  /** Has the places of an anchor asked now, and waits for what comes of it. */
  async ask(anchor: string): Promise<void> {
    const id = anchor.replace(/^anc_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    const mark = `UPDATE registry.crls SET attempt_after = now(), last_error = 'asked' WHERE trust_anchor_id = $1 AND uri IS NOT NULL`;
    await this.admin(mark, [id]);
    await this.eventually(async () => {
      const errors = (await this.lists(anchor)).map(({ last_error: error }) => error);
      expect(errors).not.toContain('asked');
    });
    await this.judged();
  }

  /** Until every client was judged by the present lists. */
  async judged(): Promise<void> {
    const owed = `SELECT count(*)::int AS n FROM registry.client_trust_anchors l JOIN registry.trust_anchors a
      ON a.id = l.trust_anchor_id WHERE l.judged_crl_generation < a.crl_generation`;
    await this.eventually(async () => expect(await this.admin(owed)).toEqual([{ n: 0 }]));
  }

  eventually(check: () => Promise<void>): Promise<void> {
    return vi.waitFor(check, SOON);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  admin(sql: string, parameters: unknown[] = []): Promise<any[]> {
    const { database } = this.registry;
    return database.query(sql, parameters, database.adminUrl);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async published(client: string): Promise<any> {
    const { database } = this.registry;
    const sql = 'SELECT * FROM registry.registered_client WHERE client_id = $1';
    return (await database.query(sql, [client], database.tokenServiceUrl))[0];
  }

  /** What the guards were told of it. */
  recordsOf(subject: object): Promise<{ kind: string; mode: string; reason: string; expires_at: Date }[]> {
    const sql = 'SELECT kind, mode, reason, expires_at FROM token.revocation WHERE subject = $1 ORDER BY seq';
    return this.admin(sql, [JSON.stringify(subject)]);
  }

  /** Of the outbox, in their order. */
  async events(of: string, types: RegExp): Promise<string[]> {
    const sql = `SELECT type FROM registry.outbox_events WHERE data::text LIKE '%' || $1 || '%' ORDER BY seq`;
    return (await this.admin(sql, [of])).map(({ type }) => type as string).filter((type) => types.test(type));
  }

  logged(text: string, of: string): object[] {
    const lines = this.registry.log.filter((line) => line.includes(text) && line.includes(of));
    return lines.map((line) => JSON.parse(line) as object);
  }

  private async created(path: string, body: object) {
    const answer = await this.registry.post(path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body;
  }
}
