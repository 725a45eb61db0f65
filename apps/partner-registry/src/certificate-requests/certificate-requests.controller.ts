import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { exampleAs, pageExamples } from '../http/examples.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Action } from '../mutations/mutation.decorator.js';
import { ApproveCertificateRequest } from './approve-certificate-request.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import { certificateRequestExamples, listedCertificateRequestExamples } from './certificate-request.examples.js';
import {
  certificateRequestPageOutput,
  certificateRequestQuery,
  wholeCertificateRequestOutput,
  type CertificateRequestQuery,
} from './certificate-request.schema.js';
import { ReadCertificateRequests } from './read-certificate-requests.js';
import { RejectCertificateRequest } from './reject-certificate-request.js';

const RequestId = () => Param('id', new IdentifierPipe('crq'));

const { issued } = certificateRequestExamples;
const rejected = exampleAs('A rejected request', { issued }, { status: 'rejected', certificate_id: null });

@ApiTags('certificate-requests')
@Controller('v1/certificate-requests')
@OnListener('mtls')
export class CertificateRequestsController {
  constructor(
    private readonly approvals: ApproveCertificateRequest,
    private readonly rejections: RejectCertificateRequest,
    private readonly requests: ReadCertificateRequests,
  ) {}

  @Get()
  @RequireScope('registry:certificates:read')
  @ApiOperation({
    summary: 'List certificate requests',
    description: 'Scope `registry:certificates:read`. `status=submitted` is what waits for somebody.',
  })
  @ApiJson({
    status: 200,
    schema: certificateRequestPageOutput,
    description: 'A page of requests, oldest first.',
    examples: pageExamples(listedCertificateRequestExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  listCertificateRequests(
    @Query({ schema: certificateRequestQuery }) query: CertificateRequestQuery,
  ): Promise<Page<CertificateRequest>> {
    return this.requests.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @RequireScope('registry:certificates:read')
  @ApiOperation({ summary: 'Read a certificate request', description: 'Scope `registry:certificates:read`' })
  @ApiJson({
    status: 200,
    schema: wholeCertificateRequestOutput,
    description: 'The request.',
    examples: certificateRequestExamples,
  })
  @ApiProblem(404, '`not_found`')
  getCertificateRequest(@RequestId() id: string): Promise<CertificateRequest> {
    return this.requests.one(id);
  }

  @Post(':id/approve')
  @RequireScope('registry:certificates:approve')
  @ApiOperation({
    summary: 'Approve a certificate request',
    description:
      'Scope `registry:certificates:approve`. Never by who made it, nor by the client it is for. Everything is judged anew, and the certificate issued.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Asked for by phone, and confirmed') })
  @MayRevoke()
  @ApiJson({
    status: 200,
    schema: wholeCertificateRequestOutput,
    description: 'The request with its certificate.',
    examples: { issued },
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(403, '`own_request`, `scope_not_held`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(
    409,
    '`invalid_transition`, `too_many_certificates`, `certificates_unused`, `client_retired`, `identity_taken`, `certificate_revoked`, `key_in_use`',
  )
  @ApiProblem(422, '`certificate_request_refused`, with every check, `certificate_refused`')
  @ApiProblem(503, '`issuing_unavailable`')
  approveCertificateRequest(
    @RequestId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<CertificateRequest> {
    return this.approvals.approve(id, reason, mutation);
  }

  @Post(':id/reject')
  @RequireScope('registry:certificates:approve')
  @ApiOperation({
    summary: 'Reject a certificate request',
    description: 'Scope `registry:certificates:approve`. Who made it may take it back this way.',
  })
  @ApiJsonBody({ schema: reasonInput, examples: reasonExamples('Nobody at the partner knows of it') })
  @ApiJson({
    status: 200,
    schema: wholeCertificateRequestOutput,
    description: 'The request, rejected. Its key stays the partner’s.',
    examples: rejected,
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`, `client_retired`')
  @ApiProblem(403, '`scope_not_held`')
  rejectCertificateRequest(
    @RequestId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @Action() mutation: MutationContext,
  ): Promise<CertificateRequest> {
    return this.rejections.reject(id, reason, mutation);
  }
}
