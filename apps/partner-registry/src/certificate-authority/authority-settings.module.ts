import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AUTHORITY_SETTINGS, type AuthoritySettings } from './authority-settings.js';

/** Global, because it belongs to the process: whoever imports the authority is not told how it is configured. */
@Global()
@Module({})
export class AuthoritySettingsModule {
  static with(settings: AuthoritySettings): DynamicModule {
    return {
      module: AuthoritySettingsModule,
      providers: [{ provide: AUTHORITY_SETTINGS, useValue: settings }],
      exports: [AUTHORITY_SETTINGS],
    };
  }
}
