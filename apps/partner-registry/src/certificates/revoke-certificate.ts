import { Injectable } from '@nestjs/common';
import type { ActiveMutation, MutationContext } from '../mutations/words/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import type { RevocationReason } from '../records/certificate-status.js';
import { assertMove } from '../records/move-certificate.js';
import type { Certificate } from '../records/certificate.entity.js';
import { CertificateRepository } from '../records/certificate.repository.js';
import { CertificatesForChange } from '../locks/certificates-for-change.js';
import { markRevoked } from './mark-revoked.js';
import { PublicKeyRepository } from '../records/public-key.repository.js';
import { showCertificate, type ShownCertificate } from './show-certificates.js';

@Injectable()
export class RevokeCertificate {
  constructor(
    private readonly mutations: Mutations,
    private readonly forChange: CertificatesForChange,
    private readonly certificates: CertificateRepository,
    private readonly keys: PublicKeyRepository,
    private readonly operators: Operators,
  ) {}

  /**
   * Final. A compromised key takes every certificate of that key along and is never accepted again.
   */
  revoke(id: string, reason: RevocationReason, context: MutationContext): Promise<ShownCertificate> {
    return this.mutations.run(context, async (mutation) => {
      const { client, certificate: named } = await this.forChange.lock(mutation, id);
      assertMove(named, 'revoke');
      const affected = reason === 'key_compromise' ? await this.ofCompromisedKey(mutation, named) : [named];
      const revoked: Certificate[] = [];
      const terms = { reason, at: mutation.now, partnerId: client.partner_id };
      for (const each of affected) revoked.push(await markRevoked(mutation, this.certificates, each, terms));
      await this.operators.assertStaysOperable(
        mutation,
        revoked.map((certificate) => certificate.client_id),
      );
      const certificate = revoked.find((other) => other.id === id)!;
      return showCertificate(mutation.transaction, certificate, mutation.now);
    });
  }

  // The key may serve several clients of its partner, one of them an operator.
  private async ofCompromisedKey(mutation: ActiveMutation, { spki_sha256: key }: Certificate): Promise<Certificate[]> {
    await this.keys.markCompromised(mutation.transaction, key, mutation.now);
    const affected = await this.certificates.lockLiveOfKey(mutation.transaction, key);
    await this.operators.assertMayChange(
      mutation,
      affected.map((certificate) => certificate.client_id),
    );
    return affected;
  }
}
