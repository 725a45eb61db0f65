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
import { FirstRelease1796083200000 } from './migrations/1796083200000-first-release.js';

const logger = new Logger('Database');

/** In the order they run. */
export const migrations = [FirstRelease1796083200000];

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
