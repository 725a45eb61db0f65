import { Module } from '@nestjs/common';
import { MutationsModule } from '../mutations/mutations.module.js';
import { AuthorityKeys } from './authority-keys.js';
import { CertificateAuthorityRepository } from './certificate-authority.repository.js';
import { CERTIFICATE_ISSUER } from './certificate-issuer.js';
import { OwnAuthority } from './own-authority.js';
import { AuthorityFiles } from './publication/authority-files.js';
import { CertificateAuthoritiesController } from './publication/certificate-authorities.controller.js';
import { PublishedAuthorities } from './publication/published-authorities.js';
import { SignDueLists } from './revocation-list/sign-due-lists.js';

/** The platform's own authorities: makes certificates, signs and publishes revocation lists. */
@Module({
  imports: [MutationsModule],
  controllers: [CertificateAuthoritiesController],
  providers: [
    CertificateAuthorityRepository,
    AuthorityKeys,
    OwnAuthority,
    SignDueLists,
    PublishedAuthorities,
    AuthorityFiles,
    { provide: CERTIFICATE_ISSUER, useExisting: OwnAuthority },
  ],
  exports: [CERTIFICATE_ISSUER],
})
export class CertificateAuthorityModule {}
