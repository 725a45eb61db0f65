import type { SubjectAlternativeName } from '@partner-ecosystem/x509';
import type { EntityManager } from 'typeorm';

export type Environment = 'sandbox' | 'production';

/** A certificate to be made. Everything but the key is the platform's word, never the request's. */
export interface CertificateOrder {
  readonly environment: Environment;
  /** PKCS#10 as it was submitted, DER: the proof of possession was checked. Its subject and extensions count for nothing. */
  readonly csr: Buffer;
  /** SubjectPublicKeyInfo, DER */
  readonly publicKey: Buffer;
  /** RFC 4514 */
  readonly subject: string;
  readonly names: readonly SubjectAlternativeName[];
  /** The issuer may date it a few minutes back, for clocks that are behind. */
  readonly notBefore: Date;
  /** At most until then; the issuer may end it earlier, as `longestValidity` says. */
  readonly notAfter: Date;
}

export interface IssuedCertificate {
  /** DER */
  readonly certificate: Buffer;
  /** DER, nearest first, without the root */
  readonly chain: readonly Buffer[];
  /** uuid of the trust anchor the chain ends at */
  readonly trustAnchorId: string;
  /** uuid of the row in `registry.certificate_authorities`; null: an authority elsewhere, which publishes its own lists */
  readonly authorityId: string | null;
}

/**
 * Whoever makes certificates for clients: the platform's own authority, or a step-ca or Vault beside it. Called within the
 * transaction that stores the certificate: what was issued and not stored was seen by nobody.
 */
export interface CertificateIssuer {
  /**
   * @param within the transaction that stores the certificate; an authority elsewhere has no use for it
   * @throws RegistryError `issuing_unavailable` when there is no authority for the environment, or it cannot be reached
   */
  issue(order: CertificateOrder, within: EntityManager): Promise<IssuedCertificate>;
  /** Latest end of a certificate it would make now; null: it makes none for this environment. */
  longestValidity(environment: Environment, now: Date, within: EntityManager): Promise<Date | null>;
}

export const CERTIFICATE_ISSUER = Symbol('CERTIFICATE_ISSUER');
