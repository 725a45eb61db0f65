import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { Operation } from '../http/operation.decorator.js';
import { pageExamples } from '../http/examples.js';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../http/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { Mutation } from '../mutations/mutation.decorator.js';
import {
  certificateAnswerExamples,
  certificateExamples,
  certificateQuestionExamples,
  certificateUploadExamples,
} from './certificate.examples.js';
import {
  certificateAnswer,
  certificatePageOutput,
  certificateQuestion,
  certificateUpload,
  shownCertificateOutput,
  type CertificateQuestion,
  type CertificateUpload,
} from './certificate.schema.js';
import { ReadCertificates } from './read-certificates.js';
import type { ShownCertificate } from './show-certificates.js';
import { UploadCertificate } from './upload-certificate.js';
import { ValidateCertificate } from './validate-certificate.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));

const OTHER_TYPES =
  'Also accepted: PEM itself as application/x-pem-file, one certificate in DER as application/pkix-cert. A bundle is one leaf with its intermediates, in any order. Never a private key.';

@ApiTags('certificates')
@Controller('v1')
@OnListener('mtls')
export class ClientCertificatesController {
  constructor(
    private readonly uploads: UploadCertificate,
    private readonly questions: ValidateCertificate,
    private readonly certificates: ReadCertificates,
  ) {}

  @Post('clients/:id/certificates')
  @Operation({
    summary: 'Upload a certificate',
    scope: 'registry:certificates:write',
    body: { schema: certificateUpload, examples: certificateUploadExamples, description: OTHER_TYPES },
    answer: {
      status: 201,
      schema: shownCertificateOutput,
      description:
        'The certificate, with every check: active, or pending if that was asked for. The first one brings the client its registered subject.',
      examples: certificateExamples,
    },
    refusals: [
      'certificate_malformed',
      'certificate_bundle',
      'not_found',
      'certificate_known',
      'certificate_revoked',
      'key_in_use',
      'too_many_certificates',
      'certificates_unused',
      'client_retired',
      'identity_taken',
      'certificate_refused',
      'date_impossible',
      'unknown_certificate',
      'scope_not_held',
    ],
  })
  uploadCertificate(
    @ClientId() id: string,
    @Body({ schema: certificateUpload }) body: CertificateUpload,
    @Mutation() mutation: MutationContext,
  ): Promise<ShownCertificate> {
    return this.uploads.upload(id, body, mutation);
  }

  @Get('clients/:id/certificates')
  @Operation({
    summary: 'List the certificates of a client',
    scope: 'registry:certificates:read',
    answer: {
      schema: certificatePageOutput,
      description: 'A page of the client’s certificates, oldest first.',
      examples: pageExamples(certificateExamples),
    },
    refusals: ['not_found'],
  })
  listCertificates(
    @ClientId() id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
  ): Promise<Page<ShownCertificate>> {
    return this.certificates.pageOfClient(id, pageRequest(query));
  }

  @Post('certificates/validate')
  @Operation({
    summary: 'Judge a certificate without storing it',
    description: 'Every check of an upload, passed ones included.',
    scope: 'registry:certificates:read',
    body: { schema: certificateQuestion, examples: certificateQuestionExamples, description: OTHER_TYPES },
    answer: {
      schema: certificateAnswer,
      description: 'What it says and how it was judged; acceptable or not, the answer is a 200.',
      examples: certificateAnswerExamples,
    },
    refusals: ['certificate_malformed', 'certificate_bundle', 'unknown_client'],
  })
  validateCertificate(@Body({ schema: certificateQuestion }) body: CertificateQuestion) {
    return this.questions.validate(body);
  }
}
