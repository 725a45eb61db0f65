import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { mergePatch } from '../http/merge-patch.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { RegistryError } from '../problems/registry-error.js';
import type { Partner } from '../records/partner.entity.js';
import { partnerOffboarded } from '../problems/partner.errors.js';
import { PartnerRepository } from '../records/partner.repository.js';
import { labels, metadata, partnerOutput, type PartnerPatch } from './partner.schema.js';
import { PartnersForChange } from '../locks/partners-for-change.js';

@Injectable()
export class ChangePartner {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: PartnersForChange,
    private readonly partners: PartnerRepository,
  ) {}

  /**
   * Merges a patch; the result obeys the same bounds as a new partner. The status changes by actions only.
   */
  change(id: string, patch: PartnerPatch, context: MutationContext): Promise<Partner> {
    return this.mutations.run(context, async (mutation) => {
      const partner = await this.forChange.lock(mutation, id);
      mutation.assertMatches(partner);
      if (partner.status === 'offboarded') throw partnerOffboarded();
      const before = partnerOutput.parse(partner);
      Object.assign(partner, patch, {
        ...(patch.labels === undefined ? {} : { labels: merged(labels, '/labels', partner.labels, patch.labels) }),
        ...(patch.metadata === undefined
          ? {}
          : { metadata: merged(metadata, '/metadata', partner.metadata, patch.metadata) }),
      });
      const saved = await this.partners.save(mutation.transaction, partner);
      const after = partnerOutput.parse(saved);
      mutation.record({ action: 'partner.changed', targets: [after.id], before, after });
      return saved;
    });
  }
}

// null for the whole of it leaves an empty one: the column is never null
function merged<T>(schema: z.ZodType<T>, pointer: string, present: unknown, patch: unknown): T {
  const result = schema.safeParse(mergePatch(present, patch) ?? {});
  if (result.success) return result.data;
  const [fault] = result.error.issues;
  throw RegistryError.ofField('invalid_request', pointer, `Merged with what is there: ${fault!.message}.`);
}
