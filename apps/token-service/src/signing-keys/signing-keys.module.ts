import { Module } from '@nestjs/common';
import { AccessTokenSigner } from './access-token.signer.js';
import { FollowSigningKeys } from './follow-signing-keys.js';
import { JwksController } from './jwks.controller.js';
import { PublishedKeys } from './published-keys.js';
import { RotateWhenDue } from './rotate-when-due.js';
import { SigningKeysRepository } from './signing-keys.repository.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  controllers: [JwksController],
  providers: [SigningKeys, PublishedKeys, SigningKeysRepository, RotateWhenDue, FollowSigningKeys, AccessTokenSigner],
  exports: [SigningKeys, AccessTokenSigner],
})
export class SigningKeysModule {}
