import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { BindingModule } from './binding.module.js';
import { CertificatesModule } from './certificates/certificates.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { ClientsModule } from './clients/clients.module.js';
import type { ServiceConfig } from './config.js';
import { ConventionsModule } from './conventions/conventions.module.js';
import { DatabaseModule } from './database/database.module.js';
import { GrantsModule } from './grants/grants.module.js';
import { PartnerContactsModule } from './partner-contacts/partner-contacts.module.js';
import { PartnersModule } from './partners/partners.module.js';
import { ProblemsModule } from './problems/problems.module.js';
import { ResourceServersModule } from './resource-servers/resource-servers.module.js';
import { TrustAnchorsModule } from './trust-anchors/trust-anchors.module.js';

@Module({})
export class AppModule {
  static forConfig(config: Pick<ServiceConfig, 'binding' | 'databaseUrl'>): DynamicModule {
    return {
      module: AppModule,
      imports: [
        BindingModule.forRegistry(config.binding),
        DatabaseModule.forUrl(config.databaseUrl),
        ConventionsModule,
        ProblemsModule,
        PartnersModule,
        PartnerContactsModule,
        ClientsModule,
        CertificatesModule,
        TrustAnchorsModule,
        ResourceServersModule,
        GrantsModule,
        AuditModule,
        ChangesModule,
      ],
    };
  }
}
