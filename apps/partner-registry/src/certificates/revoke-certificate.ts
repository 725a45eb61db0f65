import { Injectable } from '@nestjs/common';
import type { Client } from '../clients/client.entity.js';
import { stateAfter } from '../conventions/transition.js';
import { showIdentifier } from '../identifiers/identifier.js';
import type { ActiveMutation, MutationContext } from '../mutations/mutation-context.js';
import { Mutations } from '../mutations/mutations.js';
import { Operators } from '../operators/operators.js';
import { CERTIFICATE_TRANSITIONS, type RevocationReason } from './certificate-status.js';
import type { Certificate } from './certificate.entity.js';
import { CertificateRepository } from './certificate.repository.js';
import { certificateOutput } from './certificate.schema.js';
import { CertificatesForChange } from './certificates-for-change.js';
import { PublicKeyRepository } from './public-key.repository.js';
import { recordCertificate } from './record-certificate.js';
import { revokeTokensBoundTo } from './revoke-tokens-bound-to.js';

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
   * @throws RegistryError `not_found`, `operator_scope_required`, `invalid_transition`, `last_operator`,
   * `registry_client_needed`
   */
  revoke(id: string, reason: RevocationReason, context: MutationContext): Promise<Certificate> {
    return this.mutations.run(context, async (mutation) => {
      const { client, certificate: named } = await this.forChange.lock(mutation, id);
      stateAfter(CERTIFICATE_TRANSITIONS, 'revoke', named.status);
      const affected = reason === 'key_compromise' ? await this.ofCompromisedKey(mutation, named) : [named];
      const revoked: Certificate[] = [];
      for (const certificate of affected) revoked.push(await this.revokeOne(mutation, client, certificate, reason));
      await this.operators.assertStaysOperable(
        mutation,
        revoked.map((certificate) => certificate.client_id),
      );
      return revoked.find((certificate) => certificate.id === id)!;
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

  private async revokeOne(
    mutation: ActiveMutation,
    { partner_id }: Client,
    certificate: Certificate,
    reason: RevocationReason,
  ): Promise<Certificate> {
    const before = certificateOutput.parse(certificate);
    certificate.status = stateAfter(CERTIFICATE_TRANSITIONS, 'revoke', certificate.status);
    certificate.revoked_at = mutation.now;
    certificate.revocation_reason = reason;
    const saved = await this.certificates.save(mutation.transaction, certificate);
    recordCertificate(mutation, 'certificate.revoked', before, saved, reason);
    // A key belongs to one partner, whichever of its clients used it.
    const owner = { partner_id, client_id: showIdentifier('cli', saved.client_id) };
    revokeTokensBoundTo(mutation, saved, owner, 'off', reason);
    return saved;
  }
}
