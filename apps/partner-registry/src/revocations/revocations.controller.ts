import { Body, Controller, Post } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
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
  @RequireScope('registry:operators:write')
  @ApiOperation({
    summary: 'Revoke every token there is',
    description:
      'Scope `registry:operators:write`. Every token that was issued until now is refused, of whichever client, yours included; everybody may ask for a new one at once.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('A partner’s token was used by somebody else') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: allTokensRevoked,
    description: 'What was recorded.',
    examples: allTokensRevokedExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  revokeAllTokens(
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Mutation() mutation: MutationContext,
  ): Promise<AllTokensRevoked> {
    return this.revocation.revoke(reason, mutation);
  }
}
