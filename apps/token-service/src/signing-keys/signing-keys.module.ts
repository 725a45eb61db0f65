import { Module } from '@nestjs/common';
import { AccessTokenSigner } from './access-token.signer.js';
import { JwksController } from './jwks.controller.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  controllers: [JwksController],
  providers: [SigningKeys, SigningKeysRepository, AccessTokenSigner],
  exports: [SigningKeys, AccessTokenSigner],
})
export class SigningKeysModule {}
