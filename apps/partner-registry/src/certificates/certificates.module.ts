import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { CertificateRepository } from './certificate.repository.js';
import { CertificatesController } from './certificates.controller.js';
import { PublicKeyRepository } from './public-key.repository.js';
import { ReadCertificates } from './read-certificates.js';
import { RegisterCertificate } from './register-certificate.js';
import { RevokeCertificate } from './revoke-certificate.js';
import { UploadCertificate } from './upload-certificate.js';

@Module({
  imports: [ClientsModule],
  controllers: [CertificatesController],
  providers: [
    CertificateRepository,
    PublicKeyRepository,
    RegisterCertificate,
    UploadCertificate,
    RevokeCertificate,
    ReadCertificates,
  ],
})
export class CertificatesModule {}
