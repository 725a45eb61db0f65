import { randomUUID } from 'node:crypto';
import type { Issued } from '@partner-ecosystem/test-pki';
import { change, register, type Registration } from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { Gate } from '../database/gate.fixture.spec.js';
import { call, createStage, serveOn, type Answer, type Call, type Served, type Stage } from '../served.fixture.spec.js';

/** A registered client with the certificate it comes with. */
export interface Party extends Registration {
  readonly certificate: Issued;
}

export type Parameters = Record<string, string>;

/** Clients of two replicas on one Postgres. The first reaches it through a gate. */
export class Parties {
  private constructor(
    readonly schemas: BothSchemas,
    readonly stage: Stage,
    readonly gate: Gate,
    readonly replicas: readonly [Served, Served],
  ) {}

  static async gather(): Promise<Parties> {
    const [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
    const gate = new Gate(schemas.postgres.adminUrl);
    await gate.open();
    const first = await serveOn(stage, gate.urlOf(schemas.databaseUrl));
    const second = await serveOn(stage, schemas.databaseUrl);
    return new Parties(schemas, stage, gate, [first, second]);
  }

  async leave(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.gate.close();
    await this.schemas.stop();
    await this.stage.remove();
  }

  async join(): Promise<Party> {
    const certificate = await this.stage.authority.issueClient({ subject: 'CN=client' });
    const registration = await register(this.schemas.admin, certificate.certificatePem);
    return { ...registration, certificate };
  }

  /** Links a client to the resource server of an audience, which is made if there is none. */
  async link(party: Party, audience: string, { mayIntrospect = true } = {}): Promise<void> {
    await this.schemas.admin.query(
      `INSERT INTO registry.resource_servers (audience, name, environment) VALUES ($1, 'API', 'production')
       ON CONFLICT (audience) DO NOTHING`,
      [audience],
    );
    await this.schemas.admin.query(
      `INSERT INTO registry.resource_server_clients (resource_server_id, client_id, environment, may_introspect, may_follow_revocations)
       SELECT id, $1, environment, $3, true FROM registry.resource_servers WHERE audience = $2`,
      [party.id, audience, mayIntrospect],
    );
    await this.change([party], undefined);
  }

  change(parties: readonly Party[], sql: string | undefined): Promise<void> {
    return change(this.schemas.admin, parties, sql);
  }

  /** A request with the party's certificate and client_id, unless others are named. */
  post(
    path: string,
    party: Party,
    parameters: Parameters = {},
    o: Partial<Call> & { at?: Served } = {},
  ): Promise<Answer> {
    const { at = this.replicas[0], ...others } = o;
    const body = new URLSearchParams({ client_id: party.clientId, ...parameters }).toString();
    const { port } = at.addresses['mtls']!;
    return call({ ca: this.stage.authority.certificatePem, as: party.certificate, path, body, ...others, port });
  }

  async tokenOf(party: Party): Promise<string> {
    const answer = await this.post('/token', party, { grant_type: 'client_credentials' });
    if (answer.status !== 200) throw new Error(`no token: ${answer.status} ${answer.text}`);
    return String(answer.body['access_token']);
  }

  introspect(party: Party, token: string, o: Partial<Call> & { at?: Served } = {}): Promise<Answer> {
    return this.post('/introspect', party, { token }, o);
  }

  revoke(party: Party, token: string, o: Partial<Call> & { at?: Served } = {}): Promise<Answer> {
    return this.post('/revoke', party, { token }, o);
  }
}

export type Json = Record<string, unknown>;

/** Of a JWT, unverified. */
export function partsOf(jwt: string): { header: Json; claims: Json } {
  const parts = jwt.split('.').slice(0, 2);
  const [header, claims] = parts.map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json);
  return { header: header!, claims: claims! };
}

export const unknownId = () => `cli_${randomUUID().replaceAll('-', '')}`;
