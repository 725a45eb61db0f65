import { Body, Controller, Get, Header, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiProblem } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageExamples } from '../conventions/examples.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../conventions/fields.schema.js';
import { filtersOf } from '../conventions/filters.js';
import { pageRequest, type Page } from '../conventions/page.js';
import { PEM } from '../conventions/request-bodies.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/mutation-context.js';
import { Action } from '../mutations/mutation.decorator.js';
import { ActivateCertificate } from './activate-certificate.js';
import type { Certificate } from './certificate.entity.js';
import { certificateExamples, revocationExamples } from './certificate.examples.js';
import {
  certificateOutput,
  certificatePageOutput,
  certificateQuery,
  revocation,
  type CertificateQuery,
  type Revocation,
} from './certificate.schema.js';
import { ReadCertificates } from './read-certificates.js';
import { RevokeCertificate } from './revoke-certificate.js';
import { SupersedeCertificate } from './supersede-certificate.js';

const CertificateId = () => Param('id', new IdentifierPipe('crt'));

@ApiTags('certificates')
@ApiProblem(401, 'No token, or one that is not valid over this connection')
@ApiProblem(403, 'The token lacks a scope')
@Controller('v1/certificates')
@OnListener('mtls')
export class CertificatesController {
  constructor(
    private readonly activations: ActivateCertificate,
    private readonly supersessions: SupersedeCertificate,
    private readonly revocations: RevokeCertificate,
    private readonly certificates: ReadCertificates,
  ) {}

  @Get()
  @RequireScope('registry:certificates:read')
  @ApiOperation({ summary: 'List certificates', description: 'Scope `registry:certificates:read`' })
  @ApiJson({
    status: 200,
    schema: certificatePageOutput,
    description: 'A page of certificates, oldest first; with `expires_before` the first to expire comes first.',
    examples: pageExamples(certificateExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  listAllCertificates(@Query({ schema: certificateQuery }) query: CertificateQuery): Promise<Page<Certificate>> {
    return this.certificates.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @RequireScope('registry:certificates:read')
  @ApiOperation({ summary: 'Read a certificate', description: 'Scope `registry:certificates:read`' })
  @ApiJson({ status: 200, schema: certificateOutput, description: 'The certificate.', examples: certificateExamples })
  @ApiProblem(404, '`not_found`')
  getCertificate(@CertificateId() id: string): Promise<Certificate> {
    return this.certificates.one(id);
  }

  @Get(':id.pem')
  @RequireScope('registry:certificates:read')
  @Header('content-type', PEM)
  @ApiOperation({ summary: 'Download a certificate', description: 'Scope `registry:certificates:read`' })
  @ApiOkResponse({
    description: 'PEM: the leaf, then the intermediates that came with it.',
    content: { [PEM]: { schema: { type: 'string' } } },
  })
  @ApiProblem(404, '`not_found`')
  getCertificatePem(@CertificateId() id: string): Promise<string> {
    return this.certificates.pemOf(id);
  }

  @Post(':id/activate')
  @RequireScope('registry:certificates:write')
  @ApiOperation({ summary: 'Activate a certificate', description: 'Scope `registry:certificates:write`' })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('The partner is ready to switch over') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: certificateOutput,
    description: 'The certificate, judged anew and active.',
    examples: certificateExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `too_many_certificates`, `certificate_known`, `client_retired`')
  @ApiProblem(422, '`certificate_refused`, with every check')
  activateCertificate(
    @CertificateId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Certificate> {
    return this.activations.activate(id, reason, mutation);
  }

  @Post(':id/supersede')
  @RequireScope('registry:certificates:write')
  @ApiOperation({
    summary: 'Supersede a certificate',
    description: 'Scope `registry:certificates:write`. Can be undone by activating it again.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Its successor was seen') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: certificateOutput,
    description: 'The certificate, superseded: neither it nor the tokens bound to it are accepted any more.',
    examples: certificateExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `certificates_unused`, `last_operator`, `registry_client_needed`')
  supersedeCertificate(
    @CertificateId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<Certificate> {
    return this.supersessions.supersede(id, reason, mutation);
  }

  @Post(':id/revoke')
  @RequireScope('registry:certificates:write')
  @ApiOperation({
    summary: 'Revoke a certificate',
    description: 'Scope `registry:certificates:write`. Cannot be undone.',
  })
  @ApiJsonBody({ schema: revocation, examples: revocationExamples })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: certificateOutput,
    description:
      'The certificate, revoked for ever. With key_compromise every certificate of the same key is revoked too.',
    examples: certificateExamples,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `last_operator`, `registry_client_needed`')
  revokeCertificate(
    @CertificateId() id: string,
    @Body({ schema: revocation }) { reason }: Revocation,
    @Action() mutation: MutationContext,
  ): Promise<Certificate> {
    return this.revocations.revoke(id, reason, mutation);
  }
}
