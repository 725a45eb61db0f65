import type { Logger } from '@partner-ecosystem/platform/logging';
import type { RegistryIdentity } from '../operators/command-context.js';

export interface CertificateScheduleSettings {
  readonly identity: RegistryIdentity;
  readonly logger: Logger;
}

export const CERTIFICATE_SCHEDULE_SETTINGS = Symbol('CERTIFICATE_SCHEDULE_SETTINGS');
