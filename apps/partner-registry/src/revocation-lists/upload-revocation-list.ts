import { Injectable } from '@nestjs/common';
import { privateKeyInRequest } from '../certificates/certificate.errors.js';
import type { MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { lockActive } from '../trust-anchors/change-trust-anchor.js';
import { TrustAnchorRepository } from '../trust-anchors/trust-anchor.repository.js';
import { AcceptRevocationList } from './accept-revocation-list.js';
import { RevocationListRefused } from './revocation-list-refused.js';
import { shownList, type NewRevocationList, type ShownRevocationList } from './revocation-list.schema.js';
import { soundRevocationList } from './verify-revocation-list.js';

/** A list that somebody brings, where there is no network to fetch it over. */
@Injectable()
export class UploadRevocationList {
  constructor(
    private readonly mutations: Mutations,
    private readonly anchors: TrustAnchorRepository,
    private readonly operators: Operators,
    private readonly acceptance: AcceptRevocationList,
  ) {}

  /**
   * What the list names is revoked whoever it is: an authority's word is not put off by what hangs on it.
   * @throws RegistryError `not_found`, `operator_scope_required`, `invalid_transition` when the anchor is retired,
   * `private_key_in_request`, `revocation_list_malformed`, `revocation_list_refused`
   */
  async upload(anchorId: string, content: NewRevocationList, context: MutationContext): Promise<ShownRevocationList> {
    try {
      return await this.mutations.run(context, async (mutation) => {
        const anchor = await lockActive(mutation, this.anchors, anchorId);
        const clientIds = await this.anchors.dependentIds(mutation.transaction, anchorId);
        await this.operators.assertMayChange(mutation, clientIds);
        const list = soundRevocationList(octetsOf(content), mutation.now);
        return shownList(await this.acceptance.accept(mutation, anchor, list), mutation.now);
      });
    } catch (error) {
      throw error instanceof RevocationListRefused ? refusalOf(error, content) : error;
    }
  }
}

// The decoder passes over what is no base64; the schema let none of that in.
function octetsOf({ pem, der }: NewRevocationList): string | Buffer {
  return pem ?? Buffer.from(der!, 'base64');
}

function refusalOf({ code, message }: RevocationListRefused, { pem }: NewRevocationList): RegistryError {
  if (code === 'private_key_present') return privateKeyInRequest();
  const pointer = pem === undefined ? '/der' : '/pem';
  const problem = code === 'malformed' ? 'revocation_list_malformed' : 'revocation_list_refused';
  return RegistryError.ofField(problem, pointer, `${message[0]!.toUpperCase()}${message.slice(1)}.`);
}
