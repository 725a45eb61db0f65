import { Module, type DynamicModule } from '@nestjs/common';
import { AuthenticationEventsModule } from '../authentication-events/authentication-events.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { RevocationFeedModule } from '../revocation-feed/revocation-feed.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { IssueToken } from './issue-token.js';
import { TokenController } from './token.controller.js';

@Module({})
export class TokenModule {
  /** @param binding the guard's module, whose `ClientCertificateGuard` stands before `POST /token` */
  static guardedBy(binding: DynamicModule): DynamicModule {
    return {
      module: TokenModule,
      imports: [binding, ClientsModule, RevocationFeedModule, SigningKeysModule, AuthenticationEventsModule],
      controllers: [TokenController],
      providers: [IssueToken],
    };
  }
}
