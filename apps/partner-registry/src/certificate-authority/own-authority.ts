import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RegistryError } from '../problems/registry-error.js';
import { AuthorityKeys } from './authority-keys.js';
import { AUTHORITY_SETTINGS, type AuthoritySettings } from './authority-settings.js';
import type { CertificateAuthority } from '../records/certificate-authority.entity.js';
import { CertificateAuthorityRepository } from '../records/certificate-authority.repository.js';
import type {
  CertificateIssuer,
  CertificateOrder,
  Environment,
  IssuedCertificate,
} from '../records/certificate-issuer.js';
import { issueCertificate } from './issue-certificate.js';
import { authorityUrls } from './publication/publication-urls.js';
import type { Signer } from './signed-certificate.js';

interface Ready {
  readonly authority: CertificateAuthority;
  readonly signer: Signer;
  /** of a certificate made now */
  readonly longest: Date;
}

/** The platform's own authority, made by `create-ca`. */
@Injectable()
export class OwnAuthority implements CertificateIssuer {
  constructor(
    @Inject(AUTHORITY_SETTINGS) private readonly settings: AuthoritySettings,
    private readonly authorities: CertificateAuthorityRepository,
    private readonly keys: AuthorityKeys,
  ) {}

  async issue(order: CertificateOrder, within: EntityManager): Promise<IssuedCertificate> {
    const ready = await this.ready(order.environment, order.notBefore, within);
    if (!ready) throw issuingUnavailable(order.environment);
    const { authority, signer, longest } = ready;
    const notAfter = order.notAfter < longest ? order.notAfter : longest;
    const publishedAt = authorityUrls(authority.public_url, authority.id);
    return {
      certificate: await issueCertificate({ ...order, notAfter }, signer, publishedAt),
      chain: [signer.certificate.der],
      trustAnchorId: authority.trust_anchor_id,
      authorityId: authority.id,
    };
  }

  async longestValidity(environment: Environment, now: Date, within: EntityManager): Promise<Date | null> {
    return (await this.ready(environment, now, within))?.longest ?? null;
  }

  private async ready(environment: Environment, now: Date, within: EntityManager): Promise<Ready | undefined> {
    const authority = await this.authorities.findActive(within, environment);
    if (!authority || authority.not_after <= now) return undefined;
    const signer = await this.keys.signerOf(authority);
    const wanted = new Date(now.getTime() + this.settings.validityMs[environment]);
    return signer && { authority, signer, longest: wanted < authority.not_after ? wanted : authority.not_after };
  }
}

// What is wrong with the key is the operators' to know: it stands in the log.
function issuingUnavailable(environment: Environment): RegistryError {
  const detail = `There is no certificate authority for ${environment} that could issue now. Ask the platform’s operators; the request itself is fine and can be sent again.`;
  return new RegistryError('issuing_unavailable', { detail });
}
