import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { RequireScope } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiOperation, ApiProblem, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageExamples } from '../http/examples.js';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import { MayRevoke } from '../mutations/may-revoke.decorator.js';
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
  @RequireScope('registry:certificates:write')
  @ApiOperation({
    summary: 'Request a certificate',
    description:
      'Scope `registry:certificates:write`. The request gives the key and the proof that its owner holds it; the platform writes everything else.',
  })
  @ApiJsonBody({ schema: newCertificateRequest, examples: newCertificateRequestExamples, description: OTHER_TYPES })
  @MayRevoke(201)
  @ApiJson({
    status: 201,
    schema: wholeCertificateRequestOutput,
    description:
      'For sandbox the certificate is issued at once, and `certificate_id` names it; for production the request waits until somebody else approves it.',
    examples: certificateRequestExamples,
  })
  @ApiProblem(400, '`certificate_request_malformed`, `private_key_in_request`, `invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(
    409,
    '`certificate_request_waiting`, `too_many_certificates`, `certificates_unused`, `client_retired`, `identity_taken`, `certificate_revoked`, `key_in_use`',
  )
  @ApiProblem(422, '`certificate_request_refused`, with every check; `unknown_certificate`, `certificate_refused`')
  @ApiProblem(503, '`issuing_unavailable`')
  @ApiProblem(403, '`scope_not_held`')
  submitCertificateRequest(
    @ClientId() id: string,
    @Body({ schema: newCertificateRequest }) body: NewCertificateRequest,
    @Mutation() mutation: MutationContext,
  ): Promise<CertificateRequest> {
    return this.submissions.submit(id, body, mutation);
  }

  @Get('clients/:id/certificate-requests')
  @RequireScope('registry:certificates:read')
  @ApiOperation({
    summary: 'List the certificate requests of a client',
    description: 'Scope `registry:certificates:read`',
  })
  @ApiJson({
    status: 200,
    schema: certificateRequestPageOutput,
    description: 'A page of the client’s requests, oldest first.',
    examples: pageExamples(listedCertificateRequestExamples),
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  listClientCertificateRequests(
    @ClientId() id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<Page<CertificateRequest>> {
    return this.requests.pageOfClient(id, pageRequest(query));
  }

  @Post('certificate-requests/validate')
  @RequireScope('registry:certificates:read')
  @ApiOperation({
    summary: 'Judge a certificate request without storing it',
    description: 'Scope `registry:certificates:read`. Every check of a submission, passed ones included.',
  })
  @ApiJsonBody({
    schema: certificateRequestQuestion,
    examples: certificateRequestQuestionExamples,
    description: OTHER_TYPES,
  })
  @ApiJson({
    status: 200,
    schema: certificateRequestAnswer,
    description: 'What it says and how it was judged; acceptable or not, the answer is a 200.',
    examples: certificateRequestAnswerExamples,
  })
  @ApiProblem(400, '`certificate_request_malformed`, `private_key_in_request`, `invalid_request`')
  @ApiProblem(422, '`unknown_client`')
  validateCertificateRequest(@Body({ schema: certificateRequestQuestion }) body: CertificateRequestQuestion) {
    return this.questions.validate(body);
  }
}
