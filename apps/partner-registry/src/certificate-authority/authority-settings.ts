import type { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import type { Logger } from '@partner-ecosystem/platform/logging';
import type { RegistryIdentity } from '../operators/command-context.js';
import type { Environment } from '../records/certificate-issuer.js';

/** How this registry issues certificates and lists. */
export interface AuthorityPolicy {
  /** undefined: it does neither */
  readonly keyEncryptionKey: KeyEncryptionKey | undefined;
  /** longest life of a certificate */
  readonly validityMs: Readonly<Record<Environment, number>>;
  /** until a list's nextUpdate; the next one is made at half of it */
  readonly crlValidityMs: number;
}

export interface AuthoritySettings extends AuthorityPolicy {
  readonly identity: RegistryIdentity;
  readonly logger: Logger;
}

export const AUTHORITY_SETTINGS = Symbol('AUTHORITY_SETTINGS');
