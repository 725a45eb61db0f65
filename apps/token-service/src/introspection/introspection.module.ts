import { Module, type DynamicModule } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { IssuedTokensModule } from '../issued-tokens/issued-tokens.module.js';
import { RevocationFeedModule } from '../revocation-feed/revocation-feed.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { IntrospectToken } from './introspect-token.js';
import { IntrospectionController } from './introspection.controller.js';
import { IntrospectionSigner } from './introspection-signer.js';

@Module({})
export class IntrospectionModule {
  /** @param binding the guard's module, whose `ClientCertificateGuard` stands before `POST /introspect` */
  static guardedBy(binding: DynamicModule): DynamicModule {
    return {
      module: IntrospectionModule,
      imports: [binding, ClientsModule, IssuedTokensModule, RevocationFeedModule, SigningKeysModule],
      controllers: [IntrospectionController],
      providers: [IntrospectToken, IntrospectionSigner],
    };
  }
}
