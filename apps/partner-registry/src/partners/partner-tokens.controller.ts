import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { VersionedMutation } from '../mutations/mutation.decorator.js';
import type { Partner } from '../records/partner.entity.js';
import { partnerExamples, partnerOutput } from './partner.schema.js';
import { RevokePartnerTokens } from './revoke-partner-tokens.js';

@ApiTags('partners')
@Controller('v1/partners/:id/revoke-tokens')
@OnListener('mtls')
export class PartnerTokensController {
  constructor(private readonly revocation: RevokePartnerTokens) {}

  @Post()
  @Operation({
    summary: 'Revoke the tokens of a partner',
    description:
      'Every token its clients were issued until now is refused; its status stays, so they may ask for new ones.',
    scope: 'registry:partners:write',
    body: { schema: reasonInput, examples: reasonExamples('Their secrets store was read by somebody') },
    answer: { schema: partnerOutput, description: 'The partner, as it was.', examples: partnerExamples },
    mayRevoke: true,
    refusals: ['not_found'],
  })
  revokePartnerTokens(
    @Param('id', new IdentifierPipe('ptn')) id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Partner> {
    return this.revocation.revoke(id, reason, mutation);
  }
}
