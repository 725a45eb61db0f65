import { Inject, Injectable } from '@nestjs/common';
import { errorFields } from '@partner-ecosystem/platform/logging';
import { showIdentifier } from '../identifiers/identifier.js';
import { openAuthorityKey } from './authority-key.js';
import { AUTHORITY_SETTINGS, type AuthoritySettings } from './authority-settings.js';
import type { CertificateAuthority } from './certificate-authority.entity.js';
import type { Signer } from './signed-certificate.js';

interface Opened {
  readonly privateJwe: string;
  readonly signer: Promise<Signer | undefined>;
}

/**
 * The authorities' keys, opened once. One that cannot be opened is an error in the log and no reason to stop: whoever
 * could no longer revoke a certificate because none can be issued would be worse off. // A28 decides otherwise for keys without which a token service has nothing to do
 */
@Injectable()
export class AuthorityKeys {
  readonly #opened = new Map<string, Opened>();

  constructor(@Inject(AUTHORITY_SETTINGS) private readonly settings: AuthoritySettings) {}

  /** undefined: there is no key-encryption key, or not the right one */
  signerOf(authority: CertificateAuthority): Promise<Signer | undefined> {
    const { id, private_jwe: privateJwe } = authority;
    const known = this.#opened.get(id);
    if (known?.privateJwe === privateJwe) return known.signer;
    const signer = this.open(authority);
    this.#opened.set(id, { privateJwe, signer });
    return signer;
  }

  private async open(authority: CertificateAuthority): Promise<Signer | undefined> {
    const { keyEncryptionKey, logger } = this.settings;
    const { environment } = authority;
    const certificate_authority = showIdentifier('cau', authority.id);
    if (!keyEncryptionKey) {
      const consequence = 'no certificates and no revocation lists are made by this replica';
      logger.error({ certificate_authority, environment }, `there is no KEY_ENCRYPTION_KEY_FILE: ${consequence}`);
      return undefined;
    }
    try {
      return await openAuthorityKey(authority, keyEncryptionKey);
    } catch (error) {
      const err = errorFields(error, { stack: false });
      logger.error({ certificate_authority, environment, err }, 'the key of a certificate authority cannot be used');
      return undefined;
    }
  }
}
