import { Injectable } from '@nestjs/common';
import type { Client } from '../records/client.entity.js';
import { ClientsForChange } from '../locks/clients-for-change.js';
import type { ActiveMutation, MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { RegistryError } from '../problems/registry-error.js';
import { ClientTrustAnchorRepository } from '../records/client-trust-anchor.repository.js';
import { ApplyAnchorChange, type ChangedAnchors } from './apply-anchor-change.js';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';

const MOST_ANCHORS = 20;

/** Which authorities a client may chain to. // A14 */
@Injectable()
export class ChangeClientAnchors {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: ClientsForChange,
    private readonly anchors: TrustAnchorRepository,
    private readonly links: ClientTrustAnchorRepository,
    private readonly anchorChange: ApplyAnchorChange,
  ) {}

  /** Exactly these afterwards. */
  replace(clientId: string, ids: readonly string[], context: MutationContext): Promise<ChangedAnchors> {
    return this.change(clientId, ids, context, (present) => ({
      added: ids.filter((id) => !present.includes(id)),
      removed: present.filter((id) => !ids.includes(id)),
      pointer: (id) => `/trust_anchor_ids/${ids.indexOf(id)}`,
    }));
  }

  /** One more. */
  add(clientId: string, id: string, context: MutationContext): Promise<ChangedAnchors> {
    return this.change(clientId, [id], context, (present) => ({
      added: present.includes(id) ? [] : [id],
      removed: [],
      pointer: () => '/trust_anchor_id',
    }));
  }

  /** Without this one. */
  remove(clientId: string, id: string, context: MutationContext): Promise<ChangedAnchors> {
    return this.change(clientId, [], context, (present) => {
      if (!present.includes(id)) throw RegistryError.notFound();
      return { added: [], removed: [id], pointer: () => '' };
    });
  }

  private change(
    clientId: string,
    wanted: readonly string[],
    context: MutationContext,
    decide: Decision,
  ): Promise<ChangedAnchors> {
    return this.mutations.run(context, async (mutation) => {
      // Anchors before clients, which is the order of retiring an anchor.
      const held = await this.anchors.holdActive(mutation.transaction, wanted);
      const client = await this.forChange.lockForCredentials(mutation, clientId);
      mutation.assertMatches(client);
      const before = await this.links.anchorsOf(mutation.transaction, clientId);
      const present = before.map(({ id }) => id);
      const change = decide(present);
      if (present.length + change.added.length - change.removed.length > MOST_ANCHORS) throw tooManyAnchors();
      await this.link(mutation, client, change, held);
      await this.links.unlink(mutation.transaction, clientId, change.removed);
      return this.anchorChange.apply(mutation, client, before);
    });
  }

  private async link(
    { transaction }: ActiveMutation,
    client: Client,
    { added, pointer }: Change,
    held: readonly TrustAnchor[],
  ): Promise<void> {
    for (const id of added) {
      const anchor = held.find((candidate) => candidate.id === id);
      const fits = anchor && (anchor.partner_id === null || anchor.partner_id === client.partner_id);
      if (!fits) throw unknownAnchor(pointer(id));
      await this.links.link(transaction, client, id);
    }
  }
}

interface Change {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** of an added one in the body */
  readonly pointer: (id: string) => string;
}

type Decision = (present: readonly string[]) => Change;

function unknownAnchor(pointer: string): RegistryError {
  const detail = 'There is no such active trust anchor that is shared or belongs to the client’s partner.';
  return RegistryError.ofField('unknown_trust_anchor', pointer, detail);
}

function tooManyAnchors(): RegistryError {
  return new RegistryError('invalid_request', { detail: `A client has at most ${MOST_ANCHORS} trust anchors.` });
}
