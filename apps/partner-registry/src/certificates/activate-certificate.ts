import { Injectable } from '@nestjs/common';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { BringIntoUse } from './bring-into-use.js';
import type { Activation } from './certificate.schema.js';
import { CertificatesForChange } from '../locks/certificates-for-change.js';
import { showCertificate, type ShownCertificate } from './show-certificates.js';

/** Into use, for the first time or again, now or at a date. */
@Injectable()
export class ActivateCertificate {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: CertificatesForChange,
    private readonly bringing: BringIntoUse,
    private readonly operators: Operators,
  ) {}

  activate(id: string, { at, reason }: Activation, context: MutationContext): Promise<ShownCertificate> {
    return this.mutations.run(context, async (mutation) => {
      const { client, certificate } = await this.forChange.lockForCredentials(mutation, id);
      const saved = at
        ? await this.bringing.at(mutation, client, certificate, { at, reason })
        : await this.bringing.now(mutation, client, certificate, reason);
      // a later date than before may leave a gap
      if (at) await this.operators.assertStaysOperable(mutation, [client.id]);
      return showCertificate(mutation.transaction, saved, mutation.now);
    });
  }
}
