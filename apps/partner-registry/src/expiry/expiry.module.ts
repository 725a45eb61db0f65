import { Module, type DynamicModule } from '@nestjs/common';
import {
  CERTIFICATE_SCHEDULE_SETTINGS,
  type CertificateScheduleSettings,
} from '../certificate-schedule/certificate-schedule-settings.js';
import { ChangeDue } from '../certificate-schedule/change-due.js';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { CertificatesByDaysLeft } from './certificates-by-days-left.js';
import { ExpirySummaryController } from './expiry-summary.controller.js';
import { GiveNotices } from './give-notices.js';
import { SummariseExpiry } from './summarise-expiry.js';
import { UnnoticedCertificates } from './unnoticed-certificates.js';

/** Who is told, and counted, before certificates run out. */
@Module({})
export class ExpiryModule {
  static with(settings: CertificateScheduleSettings): DynamicModule {
    const settingsOfJobs = { provide: CERTIFICATE_SCHEDULE_SETTINGS, useValue: settings };
    return {
      module: ExpiryModule,
      imports: [CertificatesModule, MutationsModule],
      controllers: [ExpirySummaryController],
      providers: [
        settingsOfJobs,
        ChangeDue,
        UnnoticedCertificates,
        GiveNotices,
        CertificatesByDaysLeft,
        SummariseExpiry,
      ],
    };
  }
}
