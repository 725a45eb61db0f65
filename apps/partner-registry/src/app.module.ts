import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from '@partner-ecosystem/platform/logging';
import { AuditModule } from './audit/audit.module.js';
import { BindingModule } from './binding.module.js';
import { AuthoritySettingsModule } from './certificate-authority/authority-settings.module.js';
import { CertificateAuthorityModule } from './certificate-authority/certificate-authority.module.js';
import { CertificateRequestsModule } from './certificate-requests/certificate-requests.module.js';
import { CertificateScheduleModule } from './certificate-schedule/certificate-schedule.module.js';
import { CertificatesModule } from './certificates/certificates.module.js';
import { ChangesModule } from './changes/changes.module.js';
import { ClientsModule } from './clients/clients.module.js';
import type { ServiceConfig } from './config.js';
import { ConventionsModule } from './conventions/conventions.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ExpiryModule } from './expiry/expiry.module.js';
import { GrantsModule } from './grants/grants.module.js';
import { ImpactModule } from './impact/impact.module.js';
import { OwnClientModule } from './operators/own-client.module.js';
import { PartnerContactsModule } from './partner-contacts/partner-contacts.module.js';
import { PartnersModule } from './partners/partners.module.js';
import { ProblemsModule } from './problems/problems.module.js';
import { ResourceServersModule } from './resource-servers/resource-servers.module.js';
import { RevocationListsModule } from './revocation-lists/revocation-lists.module.js';
import { RevocationsModule } from './revocations/revocations.module.js';
import { ScheduledWorkModule } from './scheduled-work/scheduled-work.module.js';
import { TrustAnchorsModule } from './trust-anchors/trust-anchors.module.js';

@Module({})
export class AppModule {
  static forConfig(
    config: Pick<
      ServiceConfig,
      'binding' | 'databaseUrl' | 'auditHeads' | 'scheduledWork' | 'revocationLists' | 'certificateAuthority'
    >,
    logger: Logger,
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        BindingModule.forRegistry(config.binding, logger),
        DatabaseModule.forUrl(config.databaseUrl),
        OwnClientModule.named(config.binding.clientId),
        AuthoritySettingsModule.with({ ...config.certificateAuthority, identity: config.binding, logger }),
        ScheduledWorkModule.with({ enabled: config.scheduledWork, logger }),
        ConventionsModule,
        ProblemsModule,
        PartnersModule,
        PartnerContactsModule,
        ClientsModule,
        CertificatesModule,
        CertificateScheduleModule.with({ identity: config.binding, logger }),
        ExpiryModule.with({ identity: config.binding, logger }),
        CertificateAuthorityModule,
        CertificateRequestsModule,
        TrustAnchorsModule,
        RevocationListsModule.with({ ...config.revocationLists, identity: config.binding, logger }),
        ImpactModule,
        ResourceServersModule,
        GrantsModule,
        RevocationsModule,
        AuditModule.exporting({ target: config.auditHeads, issuer: config.binding.audience, logger }),
        ChangesModule,
      ],
    };
  }
}
