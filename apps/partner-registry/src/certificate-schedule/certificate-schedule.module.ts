import { Module, type DynamicModule } from '@nestjs/common';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { ActivateDue } from './activate-due.js';
import { CERTIFICATE_SCHEDULE_SETTINGS, type CertificateScheduleSettings } from './certificate-schedule-settings.js';
import { ChangeDue } from './change-due.js';
import { DueCertificates } from './due-certificates.js';
import { ExpireDue } from './expire-due.js';
import { RetireDue } from './retire-due.js';

/** What becomes of certificates when their dates come. */
@Module({})
export class CertificateScheduleModule {
  static with(settings: CertificateScheduleSettings): DynamicModule {
    return {
      module: CertificateScheduleModule,
      imports: [CertificatesModule, MutationsModule],
      providers: [
        { provide: CERTIFICATE_SCHEDULE_SETTINGS, useValue: settings },
        DueCertificates,
        ChangeDue,
        ActivateDue,
        RetireDue,
        ExpireDue,
      ],
    };
  }
}
