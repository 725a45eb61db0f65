import { Module } from '@nestjs/common';
import { ForgetUsedAssertions } from './assertions/forget-used-assertions.js';
import { UsedAssertions } from './assertions/used-assertions.repository.js';
import { ClientAuthentication } from './authentication/client-authentication.js';
import { PublicKeyOwners } from './certificate-policy/public-key-owners.js';
import { PartnerKeyPolicy } from './partner-keys/partner-key-policy.js';
import { PartnerKeys } from './partner-keys/partner-keys.js';
import { FollowRegisteredClients } from './registered-clients/follow-registered-clients.js';
import { RegisteredClientsRepository } from './registered-clients/registered-clients.repository.js';
import { RegisteredClients } from './registered-clients/registered-clients.js';

const authentication = [ClientAuthentication, PublicKeyOwners, PartnerKeys, UsedAssertions];

@Module({
  providers: [
    RegisteredClients,
    RegisteredClientsRepository,
    FollowRegisteredClients,
    ...authentication,
    ForgetUsedAssertions,
    { provide: PartnerKeyPolicy, useValue: new PartnerKeyPolicy() },
  ],
  exports: [RegisteredClients, ClientAuthentication],
})
export class ClientsModule {}
