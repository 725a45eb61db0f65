import type { Provider } from '@nestjs/common';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { AUDIT_HEAD_SETTINGS, type AuditHeadSettings } from './audit/heads/export-audit-heads.js';
import { AUTHORITY_SETTINGS, type AuthoritySettings } from './certificate-authority/authority-settings.js';
import { OwnAuthority } from './certificate-authority/own-authority.js';
import { CRL_SETTINGS, type CrlSettings } from './certificate-paths/crl-settings.js';
import {
  CERTIFICATE_SCHEDULE_SETTINGS,
  type CertificateScheduleSettings,
} from './certificate-schedule/certificate-schedule-settings.js';
import type { ServiceConfig } from './configuration/config.js';
import { OWN_CLIENT_ID } from './operators/own-client-id.js';
import { CERTIFICATE_ISSUER } from './records/certificate-issuer.js';
import { SCHEDULED_WORK_SETTINGS, type ScheduledWorkSettings } from './scheduled-work/scheduled-work.js';

export type RegistrySettings = Pick<
  ServiceConfig,
  'binding' | 'databaseUrl' | 'auditHeads' | 'scheduledWork' | 'crls' | 'certificateAuthority'
>;

/** What the configuration says, as providers; one for each room that has something to be told. */
export function settingsOf(config: RegistrySettings, logger: Logger): Provider[] {
  const identity = config.binding;
  return [
    { provide: OWN_CLIENT_ID, useValue: config.binding.clientId },
    setting<ScheduledWorkSettings>(SCHEDULED_WORK_SETTINGS, { enabled: config.scheduledWork, logger }),
    setting<AuditHeadSettings>(AUDIT_HEAD_SETTINGS, { target: config.auditHeads, issuer: identity.audience, logger }),
    setting<CertificateScheduleSettings>(CERTIFICATE_SCHEDULE_SETTINGS, { identity, logger }),
    setting<CrlSettings>(CRL_SETTINGS, { ...config.crls, identity, logger }),
    setting<AuthoritySettings>(AUTHORITY_SETTINGS, { ...config.certificateAuthority, identity, logger }),
    { provide: CERTIFICATE_ISSUER, useExisting: OwnAuthority },
  ];
}

function setting<T>(provide: symbol, useValue: T): Provider {
  return { provide, useValue };
}
