import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
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
@ApiProblem(404, '`not_found`')
@Controller('v1/trust-anchors/:id/crls')
@OnListener('mtls')
export class CrlsController {
  constructor(
    private readonly uploads: UploadCrl,
    private readonly lists: ReadCrls,
  ) {}

  @Post()
  @RequireScope('registry:trust-anchors:write')
  @ApiOperation({
    summary: 'Bring a CRL',
    description:
      'Scope `registry:trust-anchors:write`. Where there is no network to fetch it over. What it names is revoked soon after, whoever it is.',
  })
  @ApiJsonBody({ schema: newCrl, examples: newCrlExamples, description: OTHER_TYPES })
  @ApiJson({
    status: 201,
    schema: crlOutput,
    description: 'The list, in the place of the one before it of the same authority.',
    examples: crlExamples,
  })
  @ApiProblem(400, '`crl_malformed`, `private_key_in_request`, `invalid_request`')
  @ApiProblem(409, '`invalid_transition`: the anchor is retired')
  @ApiProblem(413, '`body_too_large`')
  @ApiProblem(422, '`crl_refused`: a forged, foreign, older, partial or undated one')
  uploadCrl(
    @AnchorId() id: string,
    @Body({ schema: newCrl }) body: NewCrl,
    @Mutation() mutation: MutationContext,
  ): Promise<ShownCrl> {
    return this.uploads.upload(id, body, mutation);
  }

  @Get()
  @RequireScope('registry:trust-anchors:read')
  @ApiOperation({
    summary: 'List the CRLs of a trust anchor',
    description: 'Scope `registry:trust-anchors:read`. What is held and how fresh it is, and what went wrong last.',
  })
  @ApiJson({
    status: 200,
    schema: crlsOutput,
    description: 'Its places, and lists that were brought by hand.',
    examples: crlsExamples,
  })
  listCrls(@AnchorId() id: string): Promise<{ trust_anchor_id: string; items: ShownCrl[] }> {
    return this.lists.ofAnchor(id);
  }
}
