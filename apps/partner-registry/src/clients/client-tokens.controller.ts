import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { VersionedMutation } from '../mutations/mutation.decorator.js';
import type { Client } from '../records/client.entity.js';
import { clientExamples } from './client.examples.js';
import { clientOutput } from './client.schema.js';
import { RevokeClientTokens } from './revoke-client-tokens.js';

@ApiTags('clients')
@Controller('v1/clients/:id/revoke-tokens')
@OnListener('mtls')
export class ClientTokensController {
  constructor(private readonly revocation: RevokeClientTokens) {}

  @Post()
  @Operation({
    summary: 'Revoke the tokens of a client',
    description: 'Every token it was issued until now is refused; its status stays, so it may ask for new ones.',
    scope: 'registry:clients:write',
    body: { schema: reasonInput, examples: reasonExamples('A token was found in a log') },
    answer: { schema: clientOutput, description: 'The client, as it was.', examples: clientExamples },
    mayRevoke: true,
    refusals: ['not_found'],
  })
  revokeClientTokens(
    @Param('id', new IdentifierPipe('cli')) id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<Client> {
    return this.revocation.revoke(id, reason, mutation);
  }
}
