import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageExamples } from '../http/examples.js';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation } from '../mutations/mutation.decorator.js';
import type { CertificateRequest } from '../records/certificate-request.entity.js';
import {
  certificateRequestAnswerExamples,
  certificateRequestExamples,
  certificateRequestQuestionExamples,
  listedCertificateRequestExamples,
  newCertificateRequestExamples,
} from './certificate-request.examples.js';
import {
  certificateRequestAnswer,
  certificateRequestPageOutput,
  certificateRequestQuestion,
  newCertificateRequest,
  wholeCertificateRequestOutput,
  type CertificateRequestQuestion,
  type NewCertificateRequest,
} from './certificate-request.schema.js';
import { ReadCertificateRequests } from './read-certificate-requests.js';
import { SubmitCertificateRequest } from './submit-certificate-request.js';
import { ValidateCertificateRequest } from './validate-certificate-request.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));

const OTHER_TYPES =
  'Also accepted: PEM itself as application/x-pem-file, DER as application/pkcs10. Its subject is empty or the one the platform writes, its alternative names none or some of those. Never a private key.';

@ApiTags('certificate-requests')
@Controller('v1')
@OnListener('mtls')
export class ClientCertificateRequestsController {
  constructor(
    private readonly submissions: SubmitCertificateRequest,
    private readonly questions: ValidateCertificateRequest,
    private readonly requests: ReadCertificateRequests,
  ) {}

  @Post('clients/:id/certificate-requests')
  @Operation({
    summary: 'Request a certificate',
    description:
      'The request gives the key and the proof that its owner holds it; the platform writes everything else.',
    scope: 'registry:certificates:write',
    body: { schema: newCertificateRequest, examples: newCertificateRequestExamples, description: OTHER_TYPES },
    answer: {
      status: 201,
      schema: wholeCertificateRequestOutput,
      description:
        'For sandbox the certificate is issued at once, and `certificate_id` names it; for production the request waits until somebody else approves it.',
      examples: certificateRequestExamples,
    },
    mayRevoke: true,
    refusals: [
      'certificate_request_malformed',
      'not_found',
      'certificate_request_waiting',
      'too_many_certificates',
      'certificates_unused',
      'client_retired',
      'identity_taken',
      'certificate_revoked',
      'key_in_use',
      'certificate_request_refused',
      'unknown_certificate',
      'certificate_refused',
      'issuing_unavailable',
      'scope_not_held',
    ],
  })
  submitCertificateRequest(
    @ClientId() id: string,
    @Body({ schema: newCertificateRequest }) body: NewCertificateRequest,
    @Mutation() mutation: MutationContext,
  ): Promise<CertificateRequest> {
    return this.submissions.submit(id, body, mutation);
  }

  @Get('clients/:id/certificate-requests')
  @Operation({
    summary: 'List the certificate requests of a client',
    scope: 'registry:certificates:read',
    answer: {
      schema: certificateRequestPageOutput,
      description: 'A page of the client’s requests, oldest first.',
      examples: pageExamples(listedCertificateRequestExamples),
    },
    refusals: ['not_found'],
  })
  listClientCertificateRequests(
    @ClientId() id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<Page<CertificateRequest>> {
    return this.requests.pageOfClient(id, pageRequest(query));
  }

  @Post('certificate-requests/validate')
  @Operation({
    summary: 'Judge a certificate request without storing it',
    description: 'Every check of a submission, passed ones included.',
    scope: 'registry:certificates:read',
    body: {
      schema: certificateRequestQuestion,
      examples: certificateRequestQuestionExamples,
      description: OTHER_TYPES,
    },
    answer: {
      schema: certificateRequestAnswer,
      description: 'What it says and how it was judged; acceptable or not, the answer is a 200.',
      examples: certificateRequestAnswerExamples,
    },
    refusals: ['certificate_request_malformed', 'unknown_client'],
  })
  validateCertificateRequest(@Body({ schema: certificateRequestQuestion }) body: CertificateRequestQuestion) {
    return this.questions.validate(body);
  }
}
