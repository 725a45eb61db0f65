import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { errorFields } from '@partner-ecosystem/platform/logging';
import { DataSource } from 'typeorm';
import { showIdentifier } from '../identifiers/identifier.js';
import { openAuthorityKey } from './authority-key.js';
import { AUTHORITY_SETTINGS, type AuthoritySettings } from './authority-settings.js';
import type { CertificateAuthority } from '../records/certificate-authority.entity.js';
import { CertificateAuthorityRepository } from '../records/certificate-authority.repository.js';
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
export class AuthorityKeys implements OnModuleInit {
  readonly #opened = new Map<string, Opened>();

  constructor(
    @Inject(AUTHORITY_SETTINGS) private readonly settings: AuthoritySettings,
    private readonly database: DataSource,
    private readonly authorities: CertificateAuthorityRepository,
  ) {}

  /**
   * Started with a key-encryption key under which no stored key was stored, the registry does not start: it was given the wrong
   * one, and would go on without lists until somebody asks for them. // A45
   * @throws UndecryptableKeyError
   */
  async onModuleInit(): Promise<void> {
    const { keyEncryptionKey } = this.settings;
    if (!keyEncryptionKey) return;
    const now = new Date();
    const needed = (await this.authorities.all(this.database.manager)).filter(({ not_after: end }) => end > now);
    for (const authority of needed) await openAuthorityKey(authority, keyEncryptionKey);
  }

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
      const consequence = 'no certificates and no CRLs are made by this replica';
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
