import { Module, type DynamicModule } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { IssuedTokensModule } from '../issued-tokens/issued-tokens.module.js';
import { RevocationFeedModule } from '../revocation-feed/revocation-feed.module.js';
import { RevokeToken } from './revoke-token.js';
import { TokenRevocationController } from './token-revocation.controller.js';
import { TokenRevocations } from './token-revocations.repository.js';

@Module({})
export class TokenRevocationModule {
  /** @param binding the guard's module, whose `ClientCertificateGuard` stands before `POST /revoke` */
  static guardedBy(binding: DynamicModule): DynamicModule {
    return {
      module: TokenRevocationModule,
      imports: [binding, ClientsModule, IssuedTokensModule, RevocationFeedModule],
      controllers: [TokenRevocationController],
      providers: [RevokeToken, TokenRevocations],
    };
  }
}
