import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { BindingModule } from './binding.module.js';
import type { ServiceConfig } from './configuration/config.js';
import { DatabaseModule } from './database/database.module.js';
import { ProtectedResourceModule } from './protected-resource/protected-resource.module.js';
import { ShipmentsModule } from './shipments/shipments.module.js';

@Module({})
export class AppModule {
  static forConfig(config: Pick<ServiceConfig, 'binding' | 'databaseUrl'>, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        BindingModule.forApi(config.binding, logger),
        DatabaseModule.forUrl(config.databaseUrl),
        ProtectedResourceModule.forApi(config.binding),
        ShipmentsModule,
      ],
    };
  }
}
