import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { move } from '../records/transition.js';
import type { MutationContext, RevocationMode } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { subjectOf } from '../subject-values/subject-value.js';
import { ClientTrustAnchorRepository } from '../records/client-trust-anchor.repository.js';
import { CLIENT_TRANSITIONS, type ClientAction } from '../records/client-status.js';
import type { Client } from '../records/client.entity.js';
import { ClientRepository } from '../records/client.repository.js';
import { clientOutput } from './client.schema.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import { revokeTokensOf } from '../consequences/revoke-tokens-of.js';

const EVENTS = {
  activate: 'client.activated',
  suspend: 'client.suspended',
  reinstate: 'client.reinstated',
} as const satisfies Record<ClientAction, string>;

/** What the guards hear of. A draft had no tokens. */
const REVOCATIONS: Partial<Record<ClientAction, RevocationMode>> = { suspend: 'off', reinstate: 'on' };

/** Activate, suspend, reinstate: one path for every action, so that none forgets the lock, the rule or the reason. */
@Injectable()
export class ChangeClientStatus {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly clients: ClientRepository,
    private readonly anchors: ClientTrustAnchorRepository,
    private readonly operators: Operators,
  ) {}

  change(id: string, action: ClientAction, reason: string, context: MutationContext): Promise<Client> {
    return this.mutations.run(context, async (mutation) => {
      const { transaction, now } = mutation;
      const client = await this.forChange.lock(mutation, id);
      mutation.assertMatches(client);
      const before = clientOutput.parse(client);
      move(client, CLIENT_TRANSITIONS, action, reason);
      if (action === 'activate') await this.assertComplete(transaction, client, now);
      const saved = await this.clients.save(transaction, client);
      if (action === 'suspend') await this.operators.assertStaysOperable(mutation, [id]);
      const after = clientOutput.parse(saved);
      mutation.record({ action: EVENTS[action], targets: [after.id], before, after, reason, clientIds: [id] });
      const mode = REVOCATIONS[action];
      if (mode) revokeTokensOf(mutation, client, mode, reason);
      return saved;
    });
  }

  private async assertComplete(transaction: EntityManager, client: Client, now: Date): Promise<void> {
    const needsSubject = client.token_endpoint_auth_method === 'tls_client_auth';
    const missing = [
      ...(needsSubject && !subjectOf(client) ? ['a subject value (the first certificate brings it)'] : []),
      ...(await this.missingEvidence(transaction, client, now)),
    ];
    if (missing.length === 0) return;
    throw new RegistryError('client_incomplete', { detail: `The client still needs ${missing.join(' and ')}.` });
  }

  // What it will be recognised by, or what its tokens get bound to: under every method a certificate that is registered.
  private async missingEvidence(transaction: EntityManager, client: Client, now: Date): Promise<string[]> {
    if (client.certificate_policy === 'identity_only') {
      const anchors = await this.anchors.anchorsOf(transaction, client.id);
      return anchors.some(({ status }) => status === 'active') ? [] : ['an active trust anchor'];
    }
    const usable = await this.clients.countUsableCertificates(transaction, client.id, now);
    return usable > 0 ? [] : ['an active certificate'];
  }
}
