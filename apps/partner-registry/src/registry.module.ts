import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { CONTROLLERS } from './controllers.js';
import { DatabaseModule } from './database/database.module.js';
import { EntityTagInterceptor } from './http/entity-tag.interceptor.js';
import { MergePatchInterceptor } from './http/merge-patch.interceptor.js';
import { PageLinkInterceptor } from './http/page-link.interceptor.js';
import { RefusePrivateKeysInterceptor } from './http/refuse-private-keys.interceptor.js';
import { BindingModule } from './issuer/binding.module.js';
import { MutationInterceptor } from './mutations/mutation.interceptor.js';
import { RefuseQueryInterceptor } from './mutations/refuse-query.interceptor.js';
import { PROVIDERS } from './providers.js';
import { settingsOf, type RegistrySettings } from './registry-settings.js';

/** What holds for every route alike. The last one is the innermost. */
const INTERCEPTORS: Provider[] = [
  RefusePrivateKeysInterceptor,
  RefuseQueryInterceptor,
  MergePatchInterceptor,
  EntityTagInterceptor,
  PageLinkInterceptor,
  // what it answers a repeat with passes through the others like a first answer
  MutationInterceptor,
].map((useClass) => ({ provide: APP_INTERCEPTOR, useClass }));

/** The registry: one module, because its rooms are kept apart by their floors, which a spec holds. */
@Module({})
export class RegistryModule {
  static forConfig(config: RegistrySettings, logger: Logger): DynamicModule {
    return {
      module: RegistryModule,
      imports: [BindingModule.forRegistry(config.binding, logger), DatabaseModule.forUrl(config.databaseUrl)],
      controllers: CONTROLLERS,
      providers: [...INTERCEPTORS, ...settingsOf(config, logger), ...PROVIDERS],
    };
  }
}
