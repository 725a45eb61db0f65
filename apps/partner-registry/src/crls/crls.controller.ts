import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation } from '../mutations/mutation.decorator.js';
import { ReadCrls } from './read-crls.js';
import { newCrlExamples, crlExamples, crlsExamples } from './crl.examples.js';
import { newCrl, crlOutput, crlsOutput, type NewCrl, type ShownCrl } from './crl.schema.js';
import { UploadCrl } from './upload-crl.js';

const AnchorId = () => Param('id', new IdentifierPipe('anc'));

const OTHER_TYPES =
  'Also accepted: the list itself, DER or PEM, as application/pkix-crl; that alone may be larger than 64 KiB.';

@ApiTags('trust anchors')
@Controller('v1/trust-anchors/:id/crls')
@OnListener('mtls')
export class CrlsController {
  constructor(
    private readonly uploads: UploadCrl,
    private readonly lists: ReadCrls,
  ) {}

  @Post()
  @Operation({
    summary: 'Bring a CRL',
    description: 'Where there is no network to fetch it over. What it names is revoked soon after, whoever it is.',
    scope: 'registry:trust-anchors:write',
    body: { schema: newCrl, examples: newCrlExamples, description: OTHER_TYPES },
    answer: {
      status: 201,
      schema: crlOutput,
      description: 'The list, in the place of the one before it of the same authority.',
      examples: crlExamples,
    },
    refusals: ['not_found', 'crl_malformed', 'invalid_transition', 'crl_refused'],
  })
  uploadCrl(
    @AnchorId() id: string,
    @Body({ schema: newCrl }) body: NewCrl,
    @Mutation() mutation: MutationContext,
  ): Promise<ShownCrl> {
    return this.uploads.upload(id, body, mutation);
  }

  @Get()
  @Operation({
    summary: 'List the CRLs of a trust anchor',
    description: 'What is held and how fresh it is, and what went wrong last.',
    scope: 'registry:trust-anchors:read',
    answer: {
      schema: crlsOutput,
      description: 'Its places, and lists that were brought by hand.',
      examples: crlsExamples,
    },
    refusals: ['not_found'],
  })
  listCrls(@AnchorId() id: string): Promise<{ trust_anchor_id: string; items: ShownCrl[] }> {
    return this.lists.ofAnchor(id);
  }
}
