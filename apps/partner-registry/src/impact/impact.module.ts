import { Module } from '@nestjs/common';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { TrustAnchorsModule } from '../trust-anchors/trust-anchors.module.js';
import { ForeseeImpact } from './foresee-impact.js';
import { ImpactController } from './impact.controller.js';
import { PlanAnchorChange } from './plan-anchor-change.js';
import { PlanCertificateChange } from './plan-certificate-change.js';
import { PlanClientChange } from './plan-client-change.js';
import { PlanPartnerChange } from './plan-partner-change.js';
import { RehearseChange } from './rehearse-change.js';

@Module({
  imports: [PartnersModule, ClientsModule, CertificatesModule, TrustAnchorsModule],
  controllers: [ImpactController],
  providers: [
    RehearseChange,
    ForeseeImpact,
    PlanAnchorChange,
    PlanPartnerChange,
    PlanClientChange,
    PlanCertificateChange,
  ],
})
export class ImpactModule {}
