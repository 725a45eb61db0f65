import { Module } from '@nestjs/common';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { HeldRevocationListRepository } from '../revocation-lists/held-revocation-list.repository.js';
import { CertificateIdentities } from './certificate-identities.js';
import { ChangeClientAnchors } from './change-client-anchors.js';
import { ChangeTrustAnchor } from './change-trust-anchor.js';
import { ClientTrustAnchorRepository } from './client-trust-anchor.repository.js';
import { ClientTrustAnchorsController } from './client-trust-anchors.controller.js';
import { ReadTrustAnchors } from './read-trust-anchors.js';
import { RegisterTrustAnchor } from './register-trust-anchor.js';
import { RetireTrustAnchor } from './retire-trust-anchor.js';
import { SettleClientAnchors } from './settle-client-anchors.js';
import { SettleRevocationRules } from './settle-revocation-rules.js';
import { TrustAnchorRepository } from './trust-anchor.repository.js';
import { TrustAnchorsController } from './trust-anchors.controller.js';

@Module({
  imports: [MutationsModule, OperatorsModule, PartnersModule, ClientsModule, CertificatesModule],
  controllers: [TrustAnchorsController, ClientTrustAnchorsController],
  providers: [
    TrustAnchorRepository,
    ClientTrustAnchorRepository,
    CertificateIdentities,
    SettleClientAnchors,
    HeldRevocationListRepository,
    SettleRevocationRules,
    RegisterTrustAnchor,
    ChangeTrustAnchor,
    RetireTrustAnchor,
    ChangeClientAnchors,
    ReadTrustAnchors,
  ],
  exports: [SettleClientAnchors, ChangeTrustAnchor, RetireTrustAnchor, ChangeClientAnchors],
})
export class TrustAnchorsModule {}
