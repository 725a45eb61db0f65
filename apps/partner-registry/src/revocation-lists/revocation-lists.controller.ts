import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/mutation-context.js';
import { Mutation } from '../mutations/mutation.decorator.js';
import { ReadRevocationLists } from './read-revocation-lists.js';
import {
  newRevocationListExamples,
  revocationListExamples,
  revocationListsExamples,
} from './revocation-list.examples.js';
import {
  newRevocationList,
  revocationListOutput,
  revocationListsOutput,
  type NewRevocationList,
  type ShownRevocationList,
} from './revocation-list.schema.js';
import { UploadRevocationList } from './upload-revocation-list.js';

const AnchorId = () => Param('id', new IdentifierPipe('anc'));

const OTHER_TYPES =
  'Also accepted: the list itself, DER or PEM, as application/pkix-crl; that alone may be larger than 64 KiB.';

@ApiTags('trust anchors')
@ApiProblem(401, 'No token, or one that is not valid over this connection')
@ApiProblem(403, 'The token lacks a scope')
@ApiProblem(404, '`not_found`')
@Controller('v1/trust-anchors/:id/revocation-lists')
@OnListener('mtls')
export class RevocationListsController {
  constructor(
    private readonly uploads: UploadRevocationList,
    private readonly lists: ReadRevocationLists,
  ) {}

  @Post()
  @RequireScope('registry:trust-anchors:write')
  @ApiOperation({
    summary: 'Bring a revocation list',
    description:
      'Scope `registry:trust-anchors:write`. Where there is no network to fetch it over. What it names is revoked soon after, whoever it is.',
  })
  @ApiJsonBody({ schema: newRevocationList, examples: newRevocationListExamples, description: OTHER_TYPES })
  @ApiJson({
    status: 201,
    schema: revocationListOutput,
    description: 'The list, in the place of the one before it of the same authority.',
    examples: revocationListExamples,
  })
  @ApiProblem(400, '`revocation_list_malformed`, `private_key_in_request`, `invalid_request`')
  @ApiProblem(409, '`invalid_transition`: the anchor is retired')
  @ApiProblem(413, '`body_too_large`')
  @ApiProblem(422, '`revocation_list_refused`: a forged, foreign, older, partial or undated one')
  uploadRevocationList(
    @AnchorId() id: string,
    @Body({ schema: newRevocationList }) body: NewRevocationList,
    @Mutation() mutation: MutationContext,
  ): Promise<ShownRevocationList> {
    return this.uploads.upload(id, body, mutation);
  }

  @Get()
  @RequireScope('registry:trust-anchors:read')
  @ApiOperation({
    summary: 'List the revocation lists of a trust anchor',
    description: 'Scope `registry:trust-anchors:read`. What is held and how fresh it is, and what went wrong last.',
  })
  @ApiJson({
    status: 200,
    schema: revocationListsOutput,
    description: 'Its places, and lists that were brought by hand.',
    examples: revocationListsExamples,
  })
  listRevocationLists(@AnchorId() id: string): Promise<{ trust_anchor_id: string; items: ShownRevocationList[] }> {
    return this.lists.ofAnchor(id);
  }
}
