import { Body, Controller, Param, Post } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Action } from '../mutations/mutation.decorator.js';
import type { Client } from '../records/client.entity.js';
import { clientExamples } from './client.examples.js';
import { clientOutput } from './client.schema.js';
import { RevokeClientTokens } from './revoke-client-tokens.js';

@ApiTags('clients')
@ApiProblem(404, '`not_found`')
@Controller('v1/clients/:id/revoke-tokens')
@OnListener('mtls')
export class ClientTokensController {
  constructor(private readonly revocation: RevokeClientTokens) {}

  @Post()
  @RequireScope('registry:clients:write')
  @ApiOperation({
    summary: 'Revoke the tokens of a client',
    description:
      'Scope `registry:clients:write`. Every token it was issued until now is refused; its status stays, so it may ask for new ones.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('A token was found in a log') })
  @MayRevoke()
  @ApiJson({ status: 200, schema: clientOutput, description: 'The client, as it was.', examples: clientExamples })
  @ApiProblem(400, '`invalid_request`')
  revokeClientTokens(
    @Param('id', new IdentifierPipe('cli')) id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Client> {
    return this.revocation.revoke(id, reason, mutation);
  }
}
