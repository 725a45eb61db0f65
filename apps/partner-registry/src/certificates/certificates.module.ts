import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { AnchorLists } from '../revocation-lists/anchor-lists.js';
import { HeldRevocationListRepository } from '../revocation-lists/held-revocation-list.repository.js';
import { ClientTrustAnchorRepository } from '../trust-anchors/client-trust-anchor.repository.js';
import { ActivateCertificate } from './activate-certificate.js';
import { BringIntoUse } from './bring-into-use.js';
import { CertificateRepository } from './certificate.repository.js';
import { CertificatesController } from './certificates.controller.js';
import { CertificatesForChange } from './certificates-for-change.js';
import { ClientCertificatesController } from './client-certificates.controller.js';
import { ClientExpectations } from './client-expectations.js';
import { FindSuccessors } from './find-successors.js';
import { PublicKeyRepository } from './public-key.repository.js';
import { ReadCertificates } from './read-certificates.js';
import { RegisterCertificate } from './register-certificate.js';
import { RejudgePaths } from './rejudge-paths.js';
import { RevokeListed } from './revoke-listed.js';
import { RevokeCertificate } from './revoke-certificate.js';
import { SupersedeCertificate } from './supersede-certificate.js';
import { TakeOutOfUse } from './take-out-of-use.js';
import { UploadCertificate } from './upload-certificate.js';
import { ValidateCertificate } from './validate-certificate.js';
import { WithdrawDates } from './withdraw-dates.js';

@Module({
  imports: [MutationsModule, OperatorsModule, ClientsModule],
  controllers: [ClientCertificatesController, CertificatesController],
  providers: [
    CertificateRepository,
    PublicKeyRepository,
    ClientTrustAnchorRepository,
    ClientExpectations,
    HeldRevocationListRepository,
    AnchorLists,
    RevokeListed,
    BringIntoUse,
    TakeOutOfUse,
    FindSuccessors,
    CertificatesForChange,
    RegisterCertificate,
    UploadCertificate,
    ValidateCertificate,
    ActivateCertificate,
    SupersedeCertificate,
    WithdrawDates,
    RevokeCertificate,
    RejudgePaths,
    ReadCertificates,
  ],
  exports: [
    RejudgePaths,
    AnchorLists,
    CertificateRepository,
    BringIntoUse,
    TakeOutOfUse,
    FindSuccessors,
    RegisterCertificate,
    SupersedeCertificate,
    RevokeCertificate,
  ],
})
export class CertificatesModule {}
