import { Body, Controller, Param, Post } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Action } from '../mutations/mutation.decorator.js';
import type { Partner } from '../records/partner.entity.js';
import { partnerExamples, partnerOutput } from './partner.schema.js';
import { RevokePartnerTokens } from './revoke-partner-tokens.js';

@ApiTags('partners')
@ApiProblem(404, '`not_found`')
@Controller('v1/partners/:id/revoke-tokens')
@OnListener('mtls')
export class PartnerTokensController {
  constructor(private readonly revocation: RevokePartnerTokens) {}

  @Post()
  @RequireScope('registry:partners:write')
  @ApiOperation({
    summary: 'Revoke the tokens of a partner',
    description:
      'Scope `registry:partners:write`. Every token its clients were issued until now is refused; its status stays, so they may ask for new ones.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Their secrets store was read by somebody') })
  @MayRevoke()
  @ApiJson({ status: 200, schema: partnerOutput, description: 'The partner, as it was.', examples: partnerExamples })
  @ApiProblem(400, '`invalid_request`')
  revokePartnerTokens(
    @Param('id', new IdentifierPipe('ptn')) id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Partner> {
    return this.revocation.revoke(id, reason, mutation);
  }
}
