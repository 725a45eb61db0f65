import { ScheduledWork } from './scheduled-work/scheduled-work.js';
import { Mutations } from './mutations/mutations.js';
import { IdempotencyKeys } from './mutations/idempotency-keys.js';
import { RevocationRecords } from './mutations/revocation-records.js';
import { AuditTrail } from './audit/audit-trail.js';
import { ReadAuditEvents } from './audit/read-audit-events.js';
import { ExportAuditHeads } from './audit/heads/export-audit-heads.js';
import { ReadChanges } from './changes/read-changes.js';
import { Outbox } from './changes/outbox.js';
import { RevokeAllTokens } from './revocations/revoke-all-tokens.js';
import { REPOSITORIES } from './records/repositories.js';
import { Operators } from './operators/operators.js';
import { CertificateIdentities } from './judgement/certificate-identities.js';
import { ClientExpectations } from './judgement/client-expectations.js';
import { AnchorLists } from './judgement/anchor-lists.js';
import { AdoptClientKeys } from './judgement/adopt-client-keys.js';
import { CertificatesForChange } from './locks/certificates-for-change.js';
import { PartnersForChange } from './locks/partners-for-change.js';
import { ClientsForChange } from './locks/clients-for-change.js';
import { ResourceServersForChange } from './locks/resource-servers-for-change.js';
import { CreatePartner } from './partners/create-partner.js';
import { ChangePartner } from './partners/change-partner.js';
import { ChangePartnerStatus } from './partners/change-partner-status.js';
import { OffboardPartner } from './partners/offboard-partner.js';
import { RevokePartnerTokens } from './partners/revoke-partner-tokens.js';
import { ReadPartners } from './partners/read-partners.js';
import { DefaultResources } from './clients/default-resources.js';
import { ChangeCredentials } from './clients/change-credentials.js';
import { RegisterClient } from './clients/register-client.js';
import { ChangeClient } from './clients/change-client.js';
import { ChangeClientStatus } from './clients/change-client-status.js';
import { RetireClient } from './clients/retire-client.js';
import { RevokeClientTokens } from './clients/revoke-client-tokens.js';
import { ReadClients } from './clients/read-clients.js';
import { BringIntoUse } from './certificates/bring-into-use.js';
import { TakeOutOfUse } from './certificates/take-out-of-use.js';
import { FindSuccessors } from './certificates/find-successors.js';
import { RegisterCertificate } from './certificates/register-certificate.js';
import { UploadCertificate } from './certificates/upload-certificate.js';
import { ValidateCertificate } from './certificates/validate-certificate.js';
import { ActivateCertificate } from './certificates/activate-certificate.js';
import { SupersedeCertificate } from './certificates/supersede-certificate.js';
import { WithdrawDates } from './certificates/withdraw-dates.js';
import { RevokeCertificate } from './certificates/revoke-certificate.js';
import { ReadCertificates } from './certificates/read-certificates.js';
import { RegisterResourceServer } from './resource-servers/register-resource-server.js';
import { OfferedAlgorithms } from './resource-servers/offered-algorithms.js';
import { ChangeResourceServer } from './resource-servers/change-resource-server.js';
import { ChangeScopes } from './resource-servers/change-scopes.js';
import { ChangeServerClients } from './resource-servers/change-server-clients.js';
import { ReadResourceServers } from './resource-servers/read-resource-servers.js';
import { GrantScopes } from './grants/grant-scopes.js';
import { AdoptDefaultResource } from './grants/adopt-default-resource.js';
import { GrantClientScopes } from './grants/grant-client-scopes.js';
import { DecideGrant } from './grants/decide-grant.js';
import { ReadGrants } from './grants/read-grants.js';
import { ContactsForChange } from './partner-contacts/contacts-for-change.js';
import { AddContact } from './partner-contacts/add-contact.js';
import { ChangeContact } from './partner-contacts/change-contact.js';
import { ReadContacts } from './partner-contacts/read-contacts.js';
import { RevokeListed } from './certificate-paths/revoke-listed.js';
import { RejudgePaths } from './certificate-paths/rejudge-paths.js';
import { JudgeByLists } from './certificate-paths/judge-by-lists.js';
import { RejudgeClients } from './certificate-paths/rejudge-clients.js';
import { ListAuthorities } from './crls/list-authorities.js';
import { AcceptCrl } from './crls/accept-crl.js';
import { UploadCrl } from './crls/upload-crl.js';
import { ReadCrls } from './crls/read-crls.js';
import { StoreFetchedList } from './crls/store-fetched-list.js';
import { FetchCrls } from './crls/fetch-crls.js';
import { WatchFreshness } from './crls/watch-freshness.js';
import { ApplyAnchorChange } from './trust-anchors/apply-anchor-change.js';
import { SettleRevocationRules } from './trust-anchors/settle-revocation-rules.js';
import { RegisterTrustAnchor } from './trust-anchors/register-trust-anchor.js';
import { ChangeTrustAnchor } from './trust-anchors/change-trust-anchor.js';
import { RetireTrustAnchor } from './trust-anchors/retire-trust-anchor.js';
import { ChangeClientAnchors } from './trust-anchors/change-client-anchors.js';
import { ReadTrustAnchors } from './trust-anchors/read-trust-anchors.js';
import { RehearseChange } from './impact/rehearse-change.js';
import { ForeseeImpact } from './impact/foresee-impact.js';
import { PlanAnchorChange } from './impact/plan-anchor-change.js';
import { PlanPartnerChange } from './impact/plan-partner-change.js';
import { PlanClientChange } from './impact/plan-client-change.js';
import { PlanCertificateChange } from './impact/plan-certificate-change.js';
import { ChangeDue } from './certificate-schedule/change-due.js';
import { DueCertificates } from './certificate-schedule/due-certificates.js';
import { ActivateDue } from './certificate-schedule/activate-due.js';
import { RetireDue } from './certificate-schedule/retire-due.js';
import { ExpireDue } from './certificate-schedule/expire-due.js';
import { UnnoticedCertificates } from './expiry/unnoticed-certificates.js';
import { GiveNotices } from './expiry/give-notices.js';
import { CertificatesByDaysLeft } from './expiry/certificates-by-days-left.js';
import { SummariseExpiry } from './expiry/summarise-expiry.js';
import { AuthorityKeys } from './certificate-authority/authority-keys.js';
import { OwnAuthority } from './certificate-authority/own-authority.js';
import { SignDueLists } from './certificate-authority/crl/sign-due-lists.js';
import { PublishedAuthorities } from './certificate-authority/publication/published-authorities.js';
import { AuthorityFiles } from './certificate-authority/publication/authority-files.js';
import { AdmitCertificateRequest } from './certificate-requests/admit-certificate-request.js';
import { IssuingAnchor } from './certificate-requests/issuing-anchor.js';
import { IssueCertificate } from './certificate-requests/issue-certificate.js';
import { RequestsForDecision } from './certificate-requests/requests-for-decision.js';
import { SubmitCertificateRequest } from './certificate-requests/submit-certificate-request.js';
import { ApproveCertificateRequest } from './certificate-requests/approve-certificate-request.js';
import { RejectCertificateRequest } from './certificate-requests/reject-certificate-request.js';
import { ValidateCertificateRequest } from './certificate-requests/validate-certificate-request.js';
import { ReadCertificateRequests } from './certificate-requests/read-certificate-requests.js';

/** What the features of the registry are made of, floor by floor (docs/architecture.md); settings are added by RegistryModule. */
export const PROVIDERS = [
  // scheduled-work
  ScheduledWork,
  // mutations
  Mutations,
  IdempotencyKeys,
  RevocationRecords,
  // audit
  AuditTrail,
  ReadAuditEvents,
  ExportAuditHeads,
  // changes
  ReadChanges,
  Outbox,
  // revocations
  RevokeAllTokens,
  // records
  ...REPOSITORIES,
  // operators
  Operators,
  // judgement
  CertificateIdentities,
  ClientExpectations,
  AnchorLists,
  AdoptClientKeys,
  // locks
  CertificatesForChange,
  PartnersForChange,
  ClientsForChange,
  ResourceServersForChange,
  // partners
  CreatePartner,
  ChangePartner,
  ChangePartnerStatus,
  OffboardPartner,
  RevokePartnerTokens,
  ReadPartners,
  // clients
  DefaultResources,
  ChangeCredentials,
  RegisterClient,
  ChangeClient,
  ChangeClientStatus,
  RetireClient,
  RevokeClientTokens,
  ReadClients,
  // certificates
  BringIntoUse,
  TakeOutOfUse,
  FindSuccessors,
  RegisterCertificate,
  UploadCertificate,
  ValidateCertificate,
  ActivateCertificate,
  SupersedeCertificate,
  WithdrawDates,
  RevokeCertificate,
  ReadCertificates,
  // resource-servers
  RegisterResourceServer,
  OfferedAlgorithms,
  ChangeResourceServer,
  ChangeScopes,
  ChangeServerClients,
  ReadResourceServers,
  // grants
  GrantScopes,
  AdoptDefaultResource,
  GrantClientScopes,
  DecideGrant,
  ReadGrants,
  // partner-contacts
  ContactsForChange,
  AddContact,
  ChangeContact,
  ReadContacts,
  // certificate-paths
  RevokeListed,
  RejudgePaths,
  JudgeByLists,
  RejudgeClients,
  // crls
  ListAuthorities,
  AcceptCrl,
  UploadCrl,
  ReadCrls,
  StoreFetchedList,
  FetchCrls,
  WatchFreshness,
  // trust-anchors
  ApplyAnchorChange,
  SettleRevocationRules,
  RegisterTrustAnchor,
  ChangeTrustAnchor,
  RetireTrustAnchor,
  ChangeClientAnchors,
  ReadTrustAnchors,
  // impact
  RehearseChange,
  ForeseeImpact,
  PlanAnchorChange,
  PlanPartnerChange,
  PlanClientChange,
  PlanCertificateChange,
  // certificate-schedule
  ChangeDue,
  DueCertificates,
  ActivateDue,
  RetireDue,
  ExpireDue,
  // expiry
  UnnoticedCertificates,
  GiveNotices,
  CertificatesByDaysLeft,
  SummariseExpiry,
  // certificate-authority
  AuthorityKeys,
  OwnAuthority,
  SignDueLists,
  PublishedAuthorities,
  AuthorityFiles,
  // certificate-requests
  AdmitCertificateRequest,
  IssuingAnchor,
  IssueCertificate,
  RequestsForDecision,
  SubmitCertificateRequest,
  ApproveCertificateRequest,
  RejectCertificateRequest,
  ValidateCertificateRequest,
  ReadCertificateRequests,
];
