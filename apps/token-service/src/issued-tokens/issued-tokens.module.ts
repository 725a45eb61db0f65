import { Module } from '@nestjs/common';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { IssuedTokens } from './issued-tokens.js';

@Module({ imports: [SigningKeysModule], providers: [IssuedTokens], exports: [IssuedTokens] })
export class IssuedTokensModule {}
