import { runtimeDataSource } from '@partner-ecosystem/platform/database';
import type { DataSourceOptions } from 'typeorm';
import { CertificateAuthority } from '../certificate-authority/certificate-authority.entity.js';
import { CertificateRequest } from '../certificate-requests/certificate-request.entity.js';
import { Certificate } from '../certificates/certificate.entity.js';
import { PublicKey } from '../certificates/public-key.entity.js';
import { Client } from '../clients/client.entity.js';
import { Grant } from '../grants/grant.entity.js';
import { PartnerContact } from '../partner-contacts/partner-contact.entity.js';
import { Partner } from '../partners/partner.entity.js';
import { ResourceServerClient } from '../resource-servers/resource-server-client.entity.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { Scope } from '../resource-servers/scope.entity.js';
import { HeldRevocationList } from '../revocation-lists/held-revocation-list.entity.js';
import { SERVICE } from '../service.js';
import { TrustAnchor } from '../trust-anchors/trust-anchor.entity.js';
import { databaseRoles } from './database-roles.js';
import { FirstRegistry1763800000000 } from './migrations/1763800000000-first-registry.js';
import { AuditAndOutbox1763900000000 } from './migrations/1763900000000-audit-and-outbox.js';
import { AnchorsAndMethods1763900100000 } from './migrations/1763900100000-anchors-and-methods.js';
import { Introspection1764000000000 } from './migrations/1764000000000-introspection.js';
import { CertificateLife1764100000000 } from './migrations/1764100000000-certificate-life.js';

/** In the order they run. */
export const migrations = [
  FirstRegistry1763800000000,
  AuditAndOutbox1763900000000,
  AnchorsAndMethods1763900100000,
  Introspection1764000000000,
  CertificateLife1764100000000,
];

/** How the running registry reaches Postgres: as a role that owns nothing and deletes nothing. */
export function dataSourceOptions(url: string): DataSourceOptions {
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
      HeldRevocationList,
      PublicKey,
      TrustAnchor,
      ResourceServer,
      ResourceServerClient,
      Scope,
      Grant,
    ],
    applicationName: SERVICE.name,
  });
}
