import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { BindingModule } from './binding.module.js';
import type { ServiceConfig } from './config.js';
import { DatabaseModule } from './database/database.module.js';
import { MetadataModule } from './metadata/metadata.module.js';
import { ProcessModule } from './process.module.js';
import { TokenModule } from './token/token.module.js';

@Module({})
export class AppModule {
  static forConfig(config: ServiceConfig, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ProcessModule.of(config, logger),
        DatabaseModule.forUrl(config.databaseUrl),
        MetadataModule,
        TokenModule.guardedBy(BindingModule.forIssuer(config)),
      ],
    };
  }
}
