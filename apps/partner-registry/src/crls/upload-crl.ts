import { Injectable } from '@nestjs/common';
import { privateKeyInRequest } from '../problems/certificate.errors.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { RegistryError } from '../problems/registry-error.js';
import { lockActiveAnchor } from '../locks/lock-active-anchor.js';
import { TrustAnchorRepository } from '../records/trust-anchor.repository.js';
import { AcceptCrl } from './accept-crl.js';
import { CrlRefused } from './crl-refused.js';
import { shownList, type NewCrl, type ShownCrl } from './crl.schema.js';
import { soundCrl } from './verify-crl.js';

/** A list that somebody brings, where there is no network to fetch it over. */
@Injectable()
export class UploadCrl {
  constructor(
    private readonly mutations: Mutations,
    private readonly anchors: TrustAnchorRepository,
    private readonly operators: Operators,
    private readonly acceptance: AcceptCrl,
  ) {}

  /**
   * What the list names is revoked whoever it is: an authority's word is not put off by what hangs on it.
   */
  async upload(anchorId: string, content: NewCrl, context: MutationContext): Promise<ShownCrl> {
    try {
      return await this.mutations.run(context, async (mutation) => {
        const anchor = await lockActiveAnchor(mutation, this.anchors, anchorId);
        const clientIds = await this.anchors.dependentIds(mutation.transaction, anchorId);
        await this.operators.assertMayChange(mutation, clientIds);
        const list = soundCrl(octetsOf(content), mutation.now);
        return shownList(await this.acceptance.accept(mutation, anchor, list), mutation.now);
      });
    } catch (error) {
      throw error instanceof CrlRefused ? refusalOf(error, content) : error;
    }
  }
}

// The decoder passes over what is no base64; the schema let none of that in.
function octetsOf({ pem, der }: NewCrl): string | Buffer {
  return pem ?? Buffer.from(der!, 'base64');
}

function refusalOf({ code, message }: CrlRefused, { pem }: NewCrl): RegistryError {
  if (code === 'private_key_present') return privateKeyInRequest();
  const pointer = pem === undefined ? '/der' : '/pem';
  const problem = code === 'malformed' ? 'crl_malformed' : 'crl_refused';
  return RegistryError.ofField(problem, pointer, `${message[0]!.toUpperCase()}${message.slice(1)}.`);
}
