import { Module } from '@nestjs/common';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { FollowFeed } from './follow-feed.js';
import { FollowRevocations } from './follow-revocations.js';
import { ForgetExpiredRevocations } from './forget-expired-revocations.js';
import { ReadAfterRegistration } from './read-after-registration.js';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationsController } from './revocations.controller.js';
import { SignedStatements } from './signed-statements.js';

@Module({
  imports: [SigningKeysModule],
  controllers: [RevocationsController],
  providers: [
    RevocationFeed,
    ReadAfterRegistration,
    FollowRevocations,
    ForgetExpiredRevocations,
    SignedStatements,
    FollowFeed,
  ],
  exports: [RevocationFeed, ReadAfterRegistration, FollowFeed],
})
export class RevocationFeedModule {}
