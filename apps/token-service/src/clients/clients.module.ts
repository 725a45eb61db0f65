import { Module } from '@nestjs/common';
import { LimitsModule } from '../process/limits.module.js';
import { ForgetUsedAssertions } from './assertions/forget-used-assertions.js';
import { UsedAssertions } from './assertions/used-assertions.repository.js';
import { AuthenticateCaller } from './authentication/authenticate-caller.js';
import { ClientAuthentication } from './authentication/client-authentication.js';
import { PublicKeyOwners } from './certificate-policy/public-key-owners.js';
import { Crls } from './certificate-policy/crls.js';
import { PartnerKeyPolicy } from './partner-keys/partner-key-policy.js';
import { PartnerKeys } from './partner-keys/partner-keys.js';
import { FollowRegisteredClients } from './registered-clients/follow-registered-clients.js';
import { RegisteredClientsRepository } from './registered-clients/registered-clients.repository.js';
import { RegisteredClients } from './registered-clients/registered-clients.js';

const authentication = [AuthenticateCaller, ClientAuthentication, PublicKeyOwners, Crls, PartnerKeys, UsedAssertions];

@Module({
  imports: [LimitsModule],
  providers: [
    RegisteredClients,
    RegisteredClientsRepository,
    FollowRegisteredClients,
    ...authentication,
    ForgetUsedAssertions,
    { provide: PartnerKeyPolicy, useValue: new PartnerKeyPolicy() },
  ],
  exports: [RegisteredClients, AuthenticateCaller],
})
export class ClientsModule {}
