import { Global, Module, type DynamicModule } from '@nestjs/common';
import { SCHEDULED_WORK_SETTINGS, ScheduledWork, type ScheduledWorkSettings } from './scheduled-work.js';

/** Global, because it belongs to the process: every feature may have something to do regularly. */
@Global()
@Module({})
export class ScheduledWorkModule {
  static with(settings: ScheduledWorkSettings): DynamicModule {
    return {
      module: ScheduledWorkModule,
      providers: [{ provide: SCHEDULED_WORK_SETTINGS, useValue: settings }, ScheduledWork],
      exports: [ScheduledWork],
    };
  }
}
