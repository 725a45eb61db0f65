import type { DynamicModule } from '@nestjs/common';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { DatabaseModule } from '../database/database.module.js';
import { ExpiryModule } from '../expiry/expiry.module.js';
import { OwnClientModule } from '../operators/own-client.module.js';
import { ScheduledWorkModule } from '../scheduled-work/scheduled-work.module.js';
import { CertificateScheduleModule } from './certificate-schedule.module.js';

/** The jobs about certificates without the rest of the registry; none begins by itself. */
export class JobsModule {
  static on(databaseUrl: string, logger: Logger): DynamicModule {
    const identity = { audience: 'https://registry.test', issuer: 'https://issuer.test' };
    return {
      module: JobsModule,
      imports: [
        DatabaseModule.forUrl(databaseUrl),
        OwnClientModule.named(`cli_${'e'.repeat(32)}`),
        ScheduledWorkModule.with({ enabled: false, logger }),
        CertificateScheduleModule.with({ identity, logger }),
        ExpiryModule.with({ identity, logger }),
      ],
    };
  }
}
