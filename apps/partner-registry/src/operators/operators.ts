import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { uuidOf } from '../identifiers/identifier.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { RegistryError } from '../problems/registry-error.js';
import { isAnyAble, type Ability } from './able-clients.js';
import { assertHolds, assertMayChangeOperators, OPERATOR_SCOPE } from '../mutations/words/operator-rules.js';
import { OWN_CLIENT_ID } from './own-client-id.js';
import { FOLLOW_REVOCATIONS } from '../mutations/words/token-service-scopes.js';

const AMONG = `
SELECT c.id FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id
 WHERE c.id = ANY ($1::uuid[]) AND (p.is_platform OR EXISTS (
   SELECT 1 FROM registry.grants g JOIN registry.resource_servers r ON r.id = g.resource_server_id
    WHERE g.client_id = c.id AND r.audience = $2))`;
const CONCERNED = `SELECT EXISTS (${AMONG}) AS found`;

// Granted, asked for or granted once: what was taken away may come back.
const SCOPES_HELD = `
SELECT s.name FROM registry.grants g
  JOIN registry.scopes s ON s.id = g.scope_id
  JOIN registry.resource_servers r ON r.id = g.resource_server_id
 WHERE g.client_id = $1 AND r.audience = $2 AND g.status IN ('active', 'requested')`;

// When somebody planned that there be one less.
const DATES_TO_COME = `
SELECT DISTINCT t.retire_at FROM registry.certificates t
  JOIN registry.grants g ON g.client_id = t.client_id AND g.status = 'active'
  JOIN registry.scopes s ON s.id = g.scope_id AND s.name = $2
  JOIN registry.resource_servers r ON r.id = g.resource_server_id AND r.audience = $1
 WHERE t.status IN ('pending', 'active') AND t.retire_at > $3 AND ($4::uuid IS NULL OR t.client_id = $4)`;

/** The operator rules that need to look into the database. Operators are clients like any other; these rules are what is special. */
@Injectable()
export class Operators {
  constructor(@Inject(OWN_CLIENT_ID) private readonly ownClientId: string) {}

  /** Whether one of the clients may use the registry, now or once, or belongs to the platform: who can touch it can become it. */
  async areAmong(transaction: EntityManager, clientIds: readonly string[], audience: string): Promise<boolean> {
    const [row] = await transaction.query<{ found: boolean }[]>(CONCERNED, [clientIds, audience]);
    return row?.found === true;
  }

  /** Those of the clients that operate the registry, or could; itself included. */
  async among({ transaction, actor }: ActiveMutation, clientIds: readonly string[]): Promise<string[]> {
    const rows = await transaction.query<{ id: string }[]>(AMONG, [clientIds, actor.audience]);
    const ownId = uuidOf('cli', this.ownClientId);
    return [...rows.map(({ id }) => id), ...clientIds.filter((id) => id === ownId)];
  }

  /** @throws RegistryError `operator_scope_required` */
  async assertMayChange({ transaction, actor }: ActiveMutation, clientIds: readonly string[]): Promise<void> {
    if (actor.scopes.includes('registry:operators:write')) return;
    if (await this.areAmong(transaction, clientIds, actor.audience)) assertMayChangeOperators(actor);
  }

  /**
   * Who brings a certificate or key to a client can use whatever it was granted, so they must hold that themselves.
   * @throws RegistryError `scope_not_held`
   */
  async assertHoldsScopesOf({ transaction, actor }: ActiveMutation, clientId: string): Promise<void> {
    const held = await transaction.query<{ name: string }[]>(SCOPES_HELD, [clientId, actor.audience]);
    assertHolds(
      actor,
      held.map(({ name }) => name),
    );
  }

  /**
   * Call it after a change that may have taken access from one of these clients: the registry has to stay one that can
   * be operated. Of two who take it away together, at the same moment, the second waits here and then sees what the
   * first one did.
   * @throws RegistryError `last_operator`, `registry_client_needed`
   */
  async assertStaysOperable(mutation: ActiveMutation, clientIds: readonly string[]): Promise<void> {
    const { transaction, actor } = mutation;
    const concernsOperators = await this.areAmong(transaction, clientIds, actor.audience);
    const ownId = uuidOf('cli', this.ownClientId);
    const concernsItself = ownId !== undefined && clientIds.includes(ownId);
    if (!concernsOperators && !concernsItself) return;
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('one operator remains', 0))`);
    if (concernsOperators) await assertOneRemains(mutation);
    if (concernsItself) await assertFollows(mutation, ownId);
  }
}

async function assertOneRemains({ transaction, actor, now }: ActiveMutation): Promise<void> {
  const gap = await firstGap(transaction, { audience: actor.audience, scope: OPERATOR_SCOPE }, now);
  if (!gap) return;
  throw new RegistryError('last_operator', {
    detail: `This would leave nobody who may change operators${since(gap, now)}. Make another operator first.`,
  });
}

// The guard in front of the registry believes no token once it hears of no revocations: nobody could take that back.
async function assertFollows({ transaction, actor, now }: ActiveMutation, clientId: string): Promise<void> {
  const gap = await firstGap(transaction, { audience: actor.issuer, scope: FOLLOW_REVOCATIONS, clientId }, now);
  if (!gap) return;
  throw new RegistryError('registry_client_needed', {
    detail: `The registry itself follows the revocations as this client: without it every request, yours included, would soon be answered 503${since(gap, now)}. Register its next certificate first and give it to the registry, or have the registry run as another client.`,
  });
}

/** The first moment, now or at a date that somebody planned, at which no client is able; undefined: there is none. */
async function firstGap(transaction: EntityManager, ability: Ability, now: Date): Promise<Date | undefined> {
  const { audience, scope, clientId = null } = ability;
  const planned = await transaction.query<{ retire_at: Date }[]>(DATES_TO_COME, [audience, scope, now, clientId]);
  for (const moment of [now, ...planned.map(({ retire_at }) => retire_at)]) {
    if (!(await isAnyAble(transaction, ability, moment))) return moment;
  }
  return undefined;
}

function since(gap: Date, now: Date): string {
  return gap > now ? ` from ${gap.toISOString()} on` : '';
}
