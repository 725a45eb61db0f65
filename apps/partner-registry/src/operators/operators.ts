import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ActiveMutation } from '../mutations/mutation-context.js';
import { RegistryError } from '../problems/registry-error.js';
import { assertHolds, assertMayChangeOperators } from './operator-rules.js';

const CONCERNED = `
SELECT EXISTS (
  SELECT 1 FROM registry.clients c JOIN registry.partners p ON p.id = c.partner_id
   WHERE c.id = ANY ($1::uuid[]) AND (p.is_platform OR EXISTS (
     SELECT 1 FROM registry.grants g JOIN registry.resource_servers r ON r.id = g.resource_server_id
      WHERE g.client_id = c.id AND r.audience = $2))) AS found`;

// Granted, asked for or granted once: what was taken away may come back.
const SCOPES_HELD = `
SELECT s.name FROM registry.grants g
  JOIN registry.scopes s ON s.id = g.scope_id
  JOIN registry.resource_servers r ON r.id = g.resource_server_id
 WHERE g.client_id = $1 AND r.audience = $2 AND g.status IN ('active', 'requested')`;

// A client that could fetch a token with registry:operators:write now.
const ABLE = `
SELECT 1 FROM registry.resource_servers r
  JOIN registry.scopes s ON s.resource_server_id = r.id AND s.name = 'registry:operators:write'
  JOIN registry.grants g ON g.scope_id = s.id AND g.status = 'active' AND (g.valid_until IS NULL OR g.valid_until > $2)
  JOIN registry.clients c ON c.id = g.client_id AND c.status = 'active'
  JOIN registry.partners p ON p.id = c.partner_id AND p.status = 'active'
 WHERE r.audience = $1 AND CASE
   WHEN c.token_endpoint_auth_method = 'self_signed_tls_client_auth' THEN true
   WHEN c.certificate_policy = 'identity_only' THEN EXISTS (
     SELECT 1 FROM registry.client_trust_anchors l JOIN registry.trust_anchors a ON a.id = l.trust_anchor_id
      WHERE l.client_id = c.id AND a.status = 'active' AND a.not_after > $2)
   ELSE EXISTS (
     SELECT 1 FROM registry.certificates t WHERE t.client_id = c.id AND t.status = 'active'
      AND t.not_before <= $2 AND t.not_after > $2 AND (t.retire_at IS NULL OR t.retire_at > $2)
      AND (t.path_valid_until IS NULL OR t.path_valid_until > $2))
   END
 LIMIT 1`;

/** The operator rules that need to look into the database. Operators are clients like any other; these rules are what is special. */
@Injectable()
export class Operators {
  /** Whether one of the clients may use the registry, now or once, or belongs to the platform: who can touch it can become it. */
  async areAmong(transaction: EntityManager, clientIds: readonly string[], audience: string): Promise<boolean> {
    const [row] = await transaction.query<{ found: boolean }[]>(CONCERNED, [clientIds, audience]);
    return row?.found === true;
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
   * Call it after a change that may have taken access from one of these clients. Of two operators who switch each other
   * off at the same moment the second waits here, and then sees what the first one did.
   * @throws RegistryError `last_operator`
   */
  async assertOneRemains(mutation: ActiveMutation, clientIds: readonly string[]): Promise<void> {
    const { transaction, actor, now } = mutation;
    if (!(await this.areAmong(transaction, clientIds, actor.audience))) return;
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('one operator remains', 0))`);
    const able = await transaction.query<unknown[]>(ABLE, [actor.audience, now]);
    if (able.length > 0) return;
    throw new RegistryError('last_operator', {
      detail: 'This would leave nobody who may change operators. Make another operator first.',
    });
  }
}
