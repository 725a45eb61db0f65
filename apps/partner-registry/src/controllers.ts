import { PartnersController } from './partners/partners.controller.js';
import { PartnerTokensController } from './partners/partner-tokens.controller.js';
import { PartnerContactsController } from './partner-contacts/partner-contacts.controller.js';
import { ClientsController } from './clients/clients.controller.js';
import { ClientTokensController } from './clients/client-tokens.controller.js';
import { ClientCertificatesController } from './certificates/client-certificates.controller.js';
import { CertificatesController } from './certificates/certificates.controller.js';
import { ExpirySummaryController } from './expiry/expiry-summary.controller.js';
import { CertificateAuthoritiesController } from './certificate-authority/publication/certificate-authorities.controller.js';
import { ClientCertificateRequestsController } from './certificate-requests/client-certificate-requests.controller.js';
import { CertificateRequestsController } from './certificate-requests/certificate-requests.controller.js';
import { TrustAnchorsController } from './trust-anchors/trust-anchors.controller.js';
import { ClientTrustAnchorsController } from './trust-anchors/client-trust-anchors.controller.js';
import { CrlsController } from './crls/crls.controller.js';
import { ImpactController } from './impact/impact.controller.js';
import { ResourceServersController } from './resource-servers/resource-servers.controller.js';
import { ScopesController } from './resource-servers/scopes.controller.js';
import { ServerClientsController } from './resource-servers/server-clients.controller.js';
import { ClientScopesController } from './grants/client-scopes.controller.js';
import { GrantsController } from './grants/grants.controller.js';
import { RevocationsController } from './revocations/revocations.controller.js';
import { AuditEventsController } from './audit/audit-events.controller.js';
import { ChangesController } from './changes/changes.controller.js';

/** Every route of the registry, in the order of its OpenAPI document. */
export const CONTROLLERS = [
  PartnersController,
  PartnerTokensController,
  PartnerContactsController,
  ClientsController,
  ClientTokensController,
  ClientCertificatesController,
  CertificatesController,
  ExpirySummaryController,
  CertificateAuthoritiesController,
  ClientCertificateRequestsController,
  CertificateRequestsController,
  TrustAnchorsController,
  ClientTrustAnchorsController,
  CrlsController,
  ImpactController,
  ResourceServersController,
  ScopesController,
  ServerClientsController,
  ClientScopesController,
  GrantsController,
  RevocationsController,
  AuditEventsController,
  ChangesController,
];
