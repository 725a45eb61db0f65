import { CertificateAuthorityRepository } from './certificate-authority.repository.js';
import { CertificateRepository } from './certificate.repository.js';
import { CertificateRequestRepository } from './certificate-request.repository.js';
import { ClientRepository } from './client.repository.js';
import { ClientTrustAnchorRepository } from './client-trust-anchor.repository.js';
import { GrantRepository } from './grant.repository.js';
import { HeldCrlRepository } from './held-crl.repository.js';
import { PartnerContactRepository } from './partner-contact.repository.js';
import { PartnerRepository } from './partner.repository.js';
import { PublicKeyRepository } from './public-key.repository.js';
import { ResourceServerRepository } from './resource-server.repository.js';
import { TrustAnchorRepository } from './trust-anchor.repository.js';

/** One for each table that features write. */
export const REPOSITORIES = [
  CertificateAuthorityRepository,
  CertificateRepository,
  CertificateRequestRepository,
  ClientRepository,
  ClientTrustAnchorRepository,
  GrantRepository,
  HeldCrlRepository,
  PartnerContactRepository,
  PartnerRepository,
  PublicKeyRepository,
  ResourceServerRepository,
  TrustAnchorRepository,
];
