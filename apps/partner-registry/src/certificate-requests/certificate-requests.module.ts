import { Module } from '@nestjs/common';
import { CertificateAuthorityModule } from '../certificate-authority/certificate-authority.module.js';
import { CertificateRepository } from '../certificates/certificate.repository.js';
import { CertificatesModule } from '../certificates/certificates.module.js';
import { PublicKeyRepository } from '../certificates/public-key.repository.js';
import { ClientsModule } from '../clients/clients.module.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { ClientTrustAnchorRepository } from '../trust-anchors/client-trust-anchor.repository.js';
import { TrustAnchorRepository } from '../trust-anchors/trust-anchor.repository.js';
import { TrustAnchorsModule } from '../trust-anchors/trust-anchors.module.js';
import { AdmitCertificateRequest } from './admit-certificate-request.js';
import { ApproveCertificateRequest } from './approve-certificate-request.js';
import { CertificateRequestRepository } from './certificate-request.repository.js';
import { CertificateRequestsController } from './certificate-requests.controller.js';
import { ClientCertificateRequestsController } from './client-certificate-requests.controller.js';
import { IssueCertificate } from './issue-certificate.js';
import { IssuingAnchor } from './issuing-anchor.js';
import { ReadCertificateRequests } from './read-certificate-requests.js';
import { RejectCertificateRequest } from './reject-certificate-request.js';
import { RequestsForDecision } from './requests-for-decision.js';
import { SubmitCertificateRequest } from './submit-certificate-request.js';
import { ValidateCertificateRequest } from './validate-certificate-request.js';

@Module({
  imports: [
    MutationsModule,
    PartnersModule,
    ClientsModule,
    CertificatesModule,
    TrustAnchorsModule,
    CertificateAuthorityModule,
  ],
  controllers: [ClientCertificateRequestsController, CertificateRequestsController],
  providers: [
    CertificateRequestRepository,
    CertificateRepository,
    PublicKeyRepository,
    TrustAnchorRepository,
    ClientTrustAnchorRepository,
    AdmitCertificateRequest,
    IssuingAnchor,
    IssueCertificate,
    RequestsForDecision,
    SubmitCertificateRequest,
    ApproveCertificateRequest,
    RejectCertificateRequest,
    ValidateCertificateRequest,
    ReadCertificateRequests,
  ],
})
export class CertificateRequestsModule {}
