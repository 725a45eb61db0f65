import { Module } from '@nestjs/common';
import { MutationsModule } from '../mutations/mutations.module.js';
import { RevocationsController } from './revocations.controller.js';
import { RevokeAllTokens } from './revoke-all-tokens.js';

@Module({ imports: [MutationsModule], controllers: [RevocationsController], providers: [RevokeAllTokens] })
export class RevocationsModule {}
