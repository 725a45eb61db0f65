import { Injectable } from '@nestjs/common';
import { RejudgePaths, type RejudgedPath } from '../certificate-paths/rejudge-paths.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { revokeTokensOf } from '../consequences/revoke-tokens-of.js';
import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { CertificateIdentities } from '../judgement/certificate-identities.js';
import { ClientTrustAnchorRepository } from '../records/client-trust-anchor.repository.js';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';

/** A client's anchors as they are now, and what that means for its certificates. */
export interface ChangedAnchors {
  readonly client_id: string;
  readonly version: number;
  readonly items: TrustAnchor[];
  readonly paths: RejudgedPath[];
}

/** What follows for a locked client once its links were changed. */
@Injectable()
export class ApplyAnchorChange {
  constructor(
    private readonly clients: ClientRepository,
    private readonly links: ClientTrustAnchorRepository,
    private readonly identities: CertificateIdentities,
    private readonly paths: RejudgePaths,
    private readonly operators: Operators,
  ) {}

  async apply(mutation: ActiveMutation, client: Client, before: readonly TrustAnchor[]): Promise<ChangedAnchors> {
    const { transaction } = mutation;
    const items = await this.links.anchorsOf(transaction, client.id);
    assertIdentifiable(client, items);
    await this.identities.claim(transaction, client);
    const paths = await this.paths.of(mutation, client, 'trust_anchors_changed');
    await this.operators.assertStaysOperable(mutation, [client.id]);
    const { version } = await this.clients.touch(transaction, client.id);
    this.record(mutation, client, before, items);
    return { client_id: client.id, version, items, paths };
  }

  private record(
    mutation: ActiveMutation,
    client: Client,
    earlier: readonly TrustAnchor[],
    items: readonly TrustAnchor[],
  ): void {
    const shown = (anchors: readonly TrustAnchor[]) => anchors.map(({ id }) => showIdentifier('anc', id));
    const [before, after] = [{ trust_anchors: shown(earlier) }, { trust_anchors: shown(items) }];
    const targets = [client.client_id, ...new Set([...before.trust_anchors, ...after.trust_anchors])];
    const action = 'client.trust_anchors_changed';
    mutation.record({
      action,
      targets,
      before,
      after,
      data: { client_id: client.client_id, ...after },
      clientIds: [client.id],
    });
    const lost = earlier.some(({ id }) => !items.some((item) => item.id === id));
    if (!lost || client.certificate_policy !== 'identity_only') return;
    // whichever certificates it used: they were never registered
    revokeTokensOf(mutation, client, 'cutoff', 'trust_anchors_changed');
  }
}

function assertIdentifiable({ certificate_policy: policy }: Client, anchors: readonly TrustAnchor[]): void {
  if (policy !== 'identity_only' || anchors.some(({ status }) => status === 'active')) return;
  const detail = 'With the policy identity_only a client needs a trust anchor.';
  throw new RegistryError('identity_incomplete', { detail });
}
