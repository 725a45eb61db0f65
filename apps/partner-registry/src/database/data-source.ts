import { Logger } from '@nestjs/common';
import { runtimeDataSource, type RuntimeDataSource } from '@partner-ecosystem/platform/database';
import { CertificateAuthority } from '../records/certificate-authority.entity.js';
import { CertificateRequest } from '../records/certificate-request.entity.js';
import { Certificate } from '../records/certificate.entity.js';
import { PublicKey } from '../records/public-key.entity.js';
import { Client } from '../records/client.entity.js';
import { Grant } from '../records/grant.entity.js';
import { PartnerContact } from '../records/partner-contact.entity.js';
import { Partner } from '../records/partner.entity.js';
import { ResourceServerClient } from '../records/resource-server-client.entity.js';
import { ResourceServer } from '../records/resource-server.entity.js';
import { Scope } from '../records/scope.entity.js';
import { HeldCrl } from '../records/held-crl.entity.js';
import { SERVICE } from '../process/service.js';
import { TrustAnchor } from '../records/trust-anchor.entity.js';
import { databaseRoles } from './database-roles.js';
import { FirstRegistry1763800000000 } from './migrations/1763800000000-first-registry.js';
import { AuditAndOutbox1763900000000 } from './migrations/1763900000000-audit-and-outbox.js';
import { AnchorsAndMethods1763900100000 } from './migrations/1763900100000-anchors-and-methods.js';
import { Introspection1764000000000 } from './migrations/1764000000000-introspection.js';
import { CertificateLife1764100000000 } from './migrations/1764100000000-certificate-life.js';
import { CertificateContents1796300000001 } from './migrations/1796300000001-certificate-contents.js';
import { RevocationListScopes1796300000002 } from './migrations/1796300000002-revocation-list-scopes.js';
import { IdentitiesByValue1796300000003 } from './migrations/1796300000003-identities-by-value.js';

const logger = new Logger('Database');

/** In the order they run. */
export const migrations = [
  FirstRegistry1763800000000,
  AuditAndOutbox1763900000000,
  AnchorsAndMethods1763900100000,
  Introspection1764000000000,
  CertificateLife1764100000000,
  CertificateContents1796300000001,
  RevocationListScopes1796300000002,
  IdentitiesByValue1796300000003,
];

/** How the running registry reaches Postgres: as a role that owns nothing and deletes nothing. */
export function dataSourceOptions(url: string): RuntimeDataSource {
  return runtimeDataSource({
    url,
    schema: databaseRoles.schema,
    entities: [
      Partner,
      PartnerContact,
      Client,
      Certificate,
      CertificateAuthority,
      CertificateRequest,
      HeldCrl,
      PublicKey,
      TrustAnchor,
      ResourceServer,
      ResourceServerClient,
      Scope,
      Grant,
    ],
    applicationName: SERVICE.name,
    log: (message) => logger.warn(message),
  });
}
