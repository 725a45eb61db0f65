import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { BindingModule } from './binding.module.js';
import type { ServiceConfig } from './configuration/config.js';
import { DatabaseModule } from './database/database.module.js';
import { IntrospectionModule } from './introspection/introspection.module.js';
import { MetadataModule } from './metadata/metadata.module.js';
import { ProcessModule } from './process.module.js';
import { TokenRevocationModule } from './token-revocation/token-revocation.module.js';
import { TokenModule } from './token/token.module.js';

@Module({})
export class AppModule {
  static forConfig(config: ServiceConfig, logger: Logger): DynamicModule {
    const binding = BindingModule.forIssuer(config);
    return {
      module: AppModule,
      imports: [
        ProcessModule.of(config, logger),
        DatabaseModule.forUrl(config.databaseUrl),
        MetadataModule,
        TokenModule.guardedBy(binding),
        IntrospectionModule.guardedBy(binding),
        TokenRevocationModule.guardedBy(binding),
      ],
    };
  }
}
