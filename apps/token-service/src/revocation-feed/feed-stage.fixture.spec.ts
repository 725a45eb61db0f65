import { Agent } from 'node:https';
import { FEED_MEDIA_TYPE, readFeed, type FeedStatement } from '@partner-ecosystem/mtls-binding/protocol';
import type { Issued } from '@partner-ecosystem/test-pki';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type pg from 'pg';
import { AUDIENCE, register, type Registration } from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { Gate } from '../database/gate.fixture.spec.js';
import type { ServiceConfig } from '../configuration/config.js';
import { call, createStage, serveOn, tokenForm, type Answer, type Served, type Stage } from '../served.fixture.spec.js';

export const ISSUER = 'https://issuer.test';

/** A service on a real Postgres behind a gate, and an API that is registered to follow its feed. */
export interface FeedStage {
  readonly schemas: BothSchemas;
  readonly stage: Stage;
  readonly api: Registration & { readonly certificate: Issued };
  /** One more replica, with its own way to Postgres. */
  replica(changes?: Partial<ServiceConfig>): Promise<Replica>;
  stop(): Promise<void>;
}

export interface Replica {
  readonly service: Served;
  readonly gate: Gate;
  /** @param resource the issuer, unless said */
  token(as?: Registration & { certificate: Issued }, resource?: string): Promise<string>;
  get(query?: string, token?: string): Promise<Answer>;
  /** A statement as a guard reads it, with the published keys. */
  read(query?: string, token?: string): Promise<FeedStatement>;
  keySet(path?: string): Promise<JSONWebKeySet>;
}

export async function startFeedStage(): Promise<FeedStage> {
  const [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  const certificate = await stage.authority.issueClient({ subject: 'CN=client' });
  const api = { ...(await register(schemas.admin, certificate.certificatePem)), certificate };
  await grantFeed(schemas.admin, api);
  const replicas: Replica[] = [];
  const agent = new Agent({ keepAlive: true });
  return {
    schemas,
    stage,
    api,
    replica: async (changes) => {
      const gate = new Gate(schemas.postgres.adminUrl);
      await gate.open();
      const service = await serveOn(stage, gate.urlOf(schemas.databaseUrl), changes);
      const replica = replicaOf(service, gate, { ca: stage.authority.certificatePem, api, agent });
      replicas.push(replica);
      return replica;
    },
    stop: async () => {
      await Promise.all(replicas.map(({ service }) => service.stop()));
      await Promise.all(replicas.map(({ gate }) => gate.close()));
      agent.destroy();
      await schemas.stop();
      await stage.remove();
    },
  };
}

function replicaOf(
  service: Served,
  gate: Gate,
  { ca, api, agent }: { ca: string; api: FeedStage['api']; agent: Agent },
): Replica {
  const at = (listener: string) => ({ port: service.addresses[listener]!.port, ca });
  let held: string | undefined;
  const token: Replica['token'] = async (as = api, resource = ISSUER) => {
    const body = tokenForm(as.clientId, `&resource=${encodeURIComponent(resource)}`);
    const answer = await call({ ...at('mtls'), as: as.certificate, body });
    if (answer.status !== 200) throw new Error(answer.text);
    return String(answer.body['access_token']);
  };
  const get: Replica['get'] = async (query = '', given) => {
    const authorization = `Bearer ${given ?? (held ??= await token())}`;
    const path = `/revocations${query}`;
    return call({ ...at('mtls'), as: api.certificate, method: 'GET', path, headers: { authorization }, agent });
  };
  const keySet: Replica['keySet'] = async (path = '/revocations/jwks') => {
    const answer = await call({ ...at('tls'), method: 'GET', path });
    return answer.body as unknown as JSONWebKeySet;
  };
  const read: Replica['read'] = async (query, given) => {
    const answer = await get(query, given);
    if (answer.status !== 200 || answer.headers['content-type'] !== FEED_MEDIA_TYPE) {
      throw new Error(`${answer.status} ${answer.headers['content-type']} ${answer.text}`);
    }
    return readFeed(answer.text, { issuer: ISSUER, keys: createLocalJWKSet(await keySet()) }, new Date());
  };
  return { service, gate, token, get, read, keySet };
}

/** May follow the feed, and still ask for what every registration of these specs may. */
async function grantFeed(admin: pg.Client, { id }: Registration): Promise<void> {
  await admin.query(
    `WITH server AS (INSERT INTO registry.resource_servers (audience, name, environment) VALUES ($1, 'Feed', 'production')
         ON CONFLICT (audience) DO UPDATE SET name = excluded.name RETURNING id),
       scope AS (INSERT INTO registry.scopes (resource_server_id, name, description)
         SELECT id, 'revocations:read', 'The feed.' FROM server RETURNING id, resource_server_id),
       other AS (INSERT INTO registry.scopes (resource_server_id, name, description)
         SELECT id, 'something:else', 'Something else.' FROM server RETURNING id, resource_server_id)
     INSERT INTO registry.grants (client_id, resource_server_id, scope_id, environment)
     SELECT $2, resource_server_id, id, 'production' FROM (SELECT * FROM scope UNION ALL SELECT * FROM other) scopes`,
    [ISSUER, id],
  );
}

/** As the registry records it; as superuser. @returns the number */
export async function revoke(
  admin: pg.Client,
  kind: string,
  subject: object,
  mode = 'off',
  { hint = true } = {},
): Promise<number> {
  if (hint) return record(admin, kind, subject, mode);
  // The number without its notification: what is left when nobody hears hints.
  await admin.query('BEGIN');
  const seq = await record(admin, kind, subject, mode);
  const { rows } = await admin.query<Record<string, unknown>>('SELECT * FROM token.revocation WHERE seq = $1', [seq]);
  await admin.query('ROLLBACK');
  const [names, values] = [Object.keys(rows[0]!), Object.values(rows[0]!)];
  await admin.query('BEGIN');
  await admin.query('UPDATE token.revocation_counter SET last_seq = $1', [seq]);
  await admin.query('DELETE FROM token.revocation WHERE kind = $1 AND subject = $2', [kind, subject]);
  await admin.query(
    `INSERT INTO token.revocation (${names.join(', ')}) VALUES (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    values,
  );
  await admin.query('COMMIT');
  return seq;
}

async function record(admin: pg.Client, kind: string, subject: object, mode: string): Promise<number> {
  const sql = `SELECT token.record_revocation($1, $2, $3, 'because')::float8 AS seq`;
  const { rows } = await admin.query<{ seq: number }>(sql, [kind, subject, mode]);
  return rows[0]!.seq;
}

let number = 0;
/** A client that nobody knows. */
export const somebody = () => ({ client_id: `cli_${(++number).toString(16).padStart(32, '0')}` });

export { AUDIENCE };
