import { Inject, Injectable } from '@nestjs/common';
import { RejudgePaths, type RejudgedPath } from './rejudge-paths.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { revokeTokensOf } from '../consequences/revoke-tokens-of.js';
import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { CRL_SETTINGS, type CrlSettings } from './crl-settings.js';

const REASON = 'crls_changed';

interface OwedLink {
  readonly trust_anchor_id: string;
  readonly crl_generation: string;
  /** the anchor may name a certificate that nobody registered */
  readonly names_more: boolean;
}

// Read before anything is judged: what changes meanwhile is judged once more.
const OWED = `
SELECT l.trust_anchor_id, a.crl_generation,
  (a.status = 'active' AND a.crl_mode <> 'off' AND l.judged_crl_generation < a.crl_named_generation) AS names_more
 FROM registry.client_trust_anchors l JOIN registry.trust_anchors a ON a.id = l.trust_anchor_id
WHERE l.client_id = $1 AND l.judged_crl_generation < a.crl_generation ORDER BY l.trust_anchor_id`;
const JUDGED = `
UPDATE registry.client_trust_anchors l SET judged_crl_generation = o.generation
  FROM unnest($2::uuid[], $3::bigint[]) AS o(id, generation) WHERE l.client_id = $1 AND l.trust_anchor_id = o.id`;

/** What the present lists of its anchors mean for one client. */
@Injectable()
export class JudgeByLists {
  constructor(
    private readonly clients: ClientRepository,
    private readonly paths: RejudgePaths,
    private readonly operators: Operators,
    @Inject(CRL_SETTINGS) private readonly settings: CrlSettings,
  ) {}

  /** Nothing when somebody else has the client in hands: it is owed still. */
  async judge(mutation: ActiveMutation, clientId: string): Promise<void> {
    const { transaction } = mutation;
    const client = await this.clients.lockIfFree(transaction, clientId);
    const owed = client ? await transaction.query<OwedLink[]>(OWED, [clientId]) : [];
    if (!client || owed.length === 0) return mutation.routine();
    const paths = client.status === 'retired' ? [] : await this.paths.of(mutation, client, REASON);
    const isCutOff = client.status !== 'retired' && client.certificate_policy === 'identity_only' && namesMore(owed);
    // whichever certificates it used: they were never registered
    if (isCutOff) revokeTokensOf(mutation, client, 'cutoff', REASON);
    const ids = owed.map(({ trust_anchor_id: id }) => id);
    await transaction.query(JUDGED, [clientId, ids, owed.map(({ crl_generation: generation }) => generation)]);
    await this.record(mutation, client, paths, { ids, isCutOff });
  }

  private async record(
    mutation: ActiveMutation,
    client: Client,
    paths: readonly RejudgedPath[],
    { ids, isCutOff }: { ids: readonly string[]; isCutOff: boolean },
  ): Promise<void> {
    const changed = paths.filter(({ change }) => change !== 'none');
    const data = {
      client_id: client.client_id,
      certificates: changed.map((path) => ({
        certificate_id: showIdentifier('crt', path.certificate_id),
        valid: path.valid,
        valid_until: path.valid_until?.toISOString() ?? null,
      })),
    };
    const action = 'client.paths_rejudged';
    const targets = [client.client_id, ...ids.map((id) => showIdentifier('anc', id))];
    const isDecision = isCutOff || changed.some(({ change }) => change !== 'date');
    const clientIds = [client.id];
    if (isDecision) {
      mutation.record({ action, targets, after: data, reason: REASON, clientIds });
      return this.alarmIfInoperable(mutation, client);
    }
    mutation.routine();
    if (changed.length > 0) mutation.announce({ type: action, data, clientIds });
  }

  // An authority's word counts, whoever it is about; what that leads to has to be heard at once.
  private async alarmIfInoperable(mutation: ActiveMutation, { id, client_id }: Client): Promise<void> {
    try {
      await this.operators.assertStaysOperable(mutation, [id]);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      const { code } = error;
      this.settings.logger.error({ client_id, code }, 'a CRL took the access that operating needs');
    }
  }
}

function namesMore(owed: readonly OwedLink[]): boolean {
  return owed.some(({ names_more: more }) => more);
}
