import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation } from '../mutations/mutation.decorator.js';
import { allTokensRevoked, allTokensRevokedExamples, type AllTokensRevoked } from './revocation.schema.js';
import { RevokeAllTokens } from './revoke-all-tokens.js';

@ApiTags('revocations')
@Controller('v1')
@OnListener('mtls')
export class RevocationsController {
  constructor(private readonly revocation: RevokeAllTokens) {}

  @Post('revoke-all-tokens')
  @Operation({
    summary: 'Revoke every token there is',
    description:
      'Every token that was issued until now is refused, of whichever client, yours included; everybody may ask for a new one at once.',
    scope: 'registry:operators:write',
    body: { schema: reasonInput, examples: reasonExamples('A partner’s token was used by somebody else') },
    answer: { schema: allTokensRevoked, description: 'What was recorded.', examples: allTokensRevokedExamples },
    mayRevoke: true,
  })
  revokeAllTokens(
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Mutation() mutation: MutationContext,
  ): Promise<AllTokensRevoked> {
    return this.revocation.revoke(reason, mutation);
  }
}
