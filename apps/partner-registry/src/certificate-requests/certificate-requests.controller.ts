import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { exampleAs, pageExamples } from '../http/examples.js';
import { reasonExamples, reasonInput, type ReasonInput } from '../http/fields.schema.js';
import { filtersOf } from '../http/filters.js';
import { pageRequest, type Page } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { VersionedMutation } from '../mutations/mutation.decorator.js';
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
  @Operation({
    summary: 'List certificate requests',
    description: '`status=submitted` is what waits for somebody.',
    scope: 'registry:certificates:read',
    answer: {
      schema: certificateRequestPageOutput,
      description: 'A page of requests, oldest first.',
      examples: pageExamples(listedCertificateRequestExamples),
    },
  })
  listCertificateRequests(
    @Query({ schema: certificateRequestQuery }) query: CertificateRequestQuery,
  ): Promise<Page<CertificateRequest>> {
    return this.requests.page(pageRequest(query), filtersOf(query));
  }

  @Get(':id')
  @Operation({
    summary: 'Read a certificate request',
    scope: 'registry:certificates:read',
    answer: {
      schema: wholeCertificateRequestOutput,
      description: 'The request.',
      examples: certificateRequestExamples,
    },
    refusals: ['not_found'],
  })
  getCertificateRequest(@RequestId() id: string): Promise<CertificateRequest> {
    return this.requests.one(id);
  }

  @Post(':id/approve')
  @Operation({
    summary: 'Approve a certificate request',
    description:
      'Never by who made it, nor by the client it is for. Everything is judged anew, and the certificate issued.',
    scope: 'registry:certificates:approve',
    body: { schema: reasonInput, examples: reasonExamples('Asked for by phone, and confirmed') },
    answer: {
      schema: wholeCertificateRequestOutput,
      description: 'The request with its certificate.',
      examples: { issued },
    },
    mayRevoke: true,
    refusals: [
      'own_request',
      'scope_not_held',
      'not_found',
      'invalid_transition',
      'too_many_certificates',
      'certificates_unused',
      'client_retired',
      'identity_taken',
      'certificate_revoked',
      'key_in_use',
      'certificate_request_refused',
      'certificate_refused',
      'issuing_unavailable',
    ],
  })
  approveCertificateRequest(
    @RequestId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<CertificateRequest> {
    return this.approvals.approve(id, reason, mutation);
  }

  @Post(':id/reject')
  @Operation({
    summary: 'Reject a certificate request',
    description: 'Who made it may take it back this way.',
    scope: 'registry:certificates:approve',
    body: { schema: reasonInput, examples: reasonExamples('Nobody at the partner knows of it') },
    answer: {
      schema: wholeCertificateRequestOutput,
      description: 'The request, rejected. Its key stays the partner’s.',
      examples: rejected,
    },
    refusals: ['not_found', 'invalid_transition'],
  })
  rejectCertificateRequest(
    @RequestId() id: string,
    @Body({ schema: reasonInput }) { reason }: ReasonInput,
    @VersionedMutation() mutation: MutationContext,
  ): Promise<CertificateRequest> {
    return this.rejections.reject(id, reason, mutation);
  }
}
