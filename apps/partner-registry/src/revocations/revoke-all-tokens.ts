import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { allTokensRevoked, type AllTokensRevoked } from './revocation.schema.js';

/** Every token there is ends, that of whoever asks included: for when nobody knows whose was taken. */
@Injectable()
export class RevokeAllTokens {
  constructor(private readonly mutations: Mutations) {}

  /** @throws RegistryError `invalid_request` for an If-Match that is not `*` */
  revoke(reason: string, context: MutationContext): Promise<AllTokensRevoked> {
    return this.mutations.run(context, async (mutation) => {
      mutation.assertUnversioned();
      const revoked = { reason, recorded_at: mutation.now };
      mutation.record({ action: 'tokens.all_revoked', targets: [], reason, data: allTokensRevoked.parse(revoked) });
      mutation.revoke({ kind: 'all', subject: {}, mode: 'cutoff', reason });
      return revoked;
    });
  }
}
