import { Module } from '@nestjs/common';
import { CertificateRepository } from '../certificates/certificate.repository.js';
import { PublicKeyRepository } from '../certificates/public-key.repository.js';
import { AdoptClientKeys } from '../client-keys/adopt-client-keys.js';
import { MutationsModule } from '../mutations/mutations.module.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { ResourceServerRepository } from '../resource-servers/resource-server.repository.js';
import { CertificateIdentities } from '../trust-anchors/certificate-identities.js';
import { ClientTrustAnchorRepository } from '../trust-anchors/client-trust-anchor.repository.js';
import { ChangeClient } from './change-client.js';
import { ChangeClientStatus } from './change-client-status.js';
import { ChangeCredentials } from './change-credentials.js';
import { ClientRepository } from './client.repository.js';
import { ClientsForChange } from './clients-for-change.js';
import { ClientTokensController } from './client-tokens.controller.js';
import { ClientsController } from './clients.controller.js';
import { DefaultResources } from './default-resources.js';
import { ReadClients } from './read-clients.js';
import { RegisterClient } from './register-client.js';
import { RetireClient } from './retire-client.js';
import { RevokeClientTokens } from './revoke-client-tokens.js';

/** Repositories hold nothing, so each module that needs one has its own: modules depend on each other one way only. */
@Module({
  imports: [MutationsModule, OperatorsModule, PartnersModule],
  controllers: [ClientsController, ClientTokensController],
  providers: [
    ClientRepository,
    CertificateRepository,
    PublicKeyRepository,
    ResourceServerRepository,
    ClientTrustAnchorRepository,
    CertificateIdentities,
    AdoptClientKeys,
    DefaultResources,
    ClientsForChange,
    ChangeCredentials,
    RegisterClient,
    ChangeClient,
    ChangeClientStatus,
    RetireClient,
    RevokeClientTokens,
    ReadClients,
  ],
  exports: [ClientRepository, ClientsForChange, ChangeClient, ChangeClientStatus, RetireClient],
})
export class ClientsModule {}
