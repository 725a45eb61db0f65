import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessToken, RequireScope, type BoundToken } from '@partner-ecosystem/mtls-binding';
import { ApiJson, ApiJsonBody, ApiProblem } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import { pageQuery, pageRequest, type Page, type PageQuery } from '../conventions/page.js';
import { IdentifierPipe } from '../identifiers/identifier.pipe.js';
import type { Certificate } from './certificate.entity.js';
import {
  certificateOutput,
  certificatePageOutput,
  certificateUpload,
  certificateUploadExamples,
  revocation,
  revocationExamples,
  type CertificateUpload,
  type Revocation,
} from './certificate.schema.js';
import { ReadCertificates } from './read-certificates.js';
import { RevokeCertificate } from './revoke-certificate.js';
import { UploadCertificate } from './upload-certificate.js';

const ClientId = () => Param('id', new IdentifierPipe('cli'));
const CertificateId = () => Param('id', new IdentifierPipe('crt'));

@ApiTags('certificates')
@ApiProblem(401, 'No token, or one that is not valid over this connection')
@ApiProblem(403, 'The token lacks a scope')
@Controller('v1')
@OnListener('mtls')
export class CertificatesController {
  constructor(
    private readonly uploads: UploadCertificate,
    private readonly revocations: RevokeCertificate,
    private readonly certificates: ReadCertificates,
  ) {}

  @Post('clients/:id/certificates')
  @RequireScope('registry:certificates:write')
  @ApiOperation({ summary: 'Upload a certificate', description: 'Scope `registry:certificates:write`' })
  @ApiJsonBody({
    schema: certificateUpload,
    examples: certificateUploadExamples,
    description:
      'Also accepted: the PEM text itself as application/x-pem-file. The leaf only, and never a private key.',
  })
  @ApiJson({
    status: 201,
    schema: certificateOutput,
    description: 'The certificate, active, with every check. The first one brings the client its registered subject.',
  })
  @ApiProblem(400, '`certificate_malformed`, `certificate_bundle`, `private_key_in_request`, `invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`certificate_known`, `certificate_revoked`, `key_in_use`, `too_many_certificates`')
  @ApiProblem(422, '`certificate_refused`, with every check')
  uploadCertificate(
    @ClientId() id: string,
    @Body({ schema: certificateUpload }) { pem }: CertificateUpload,
    @AccessToken() token: BoundToken,
  ): Promise<Certificate> {
    return this.uploads.upload(id, pem, token);
  }

  @Get('clients/:id/certificates')
  @RequireScope('registry:certificates:read')
  @ApiOperation({ summary: 'List the certificates of a client', description: 'Scope `registry:certificates:read`' })
  @ApiJson({
    status: 200,
    schema: certificatePageOutput,
    description: 'A page of the client’s certificates, oldest first.',
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  listCertificates(@ClientId() id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<Page<Certificate>> {
    return this.certificates.pageOfClient(id, pageRequest(query));
  }

  @Get('certificates/:id')
  @RequireScope('registry:certificates:read')
  @ApiOperation({ summary: 'Read a certificate', description: 'Scope `registry:certificates:read`' })
  @ApiJson({ status: 200, schema: certificateOutput, description: 'The certificate.' })
  @ApiProblem(404, '`not_found`')
  getCertificate(@CertificateId() id: string): Promise<Certificate> {
    return this.certificates.one(id);
  }

  @Post('certificates/:id/revoke')
  @RequireScope('registry:certificates:write')
  @ApiOperation({ summary: 'Revoke a certificate', description: 'Scope `registry:certificates:write`' })
  @ApiJsonBody({ schema: revocation, examples: revocationExamples })
  @ApiJson({
    status: 200,
    schema: certificateOutput,
    description:
      'The certificate, revoked for ever. With key_compromise every certificate of the same key is revoked too.',
  })
  @ApiProblem(400, '`invalid_request`')
  @ApiProblem(404, '`not_found`')
  @ApiProblem(409, '`invalid_transition`')
  revokeCertificate(
    @CertificateId() id: string,
    @Body({ schema: revocation }) { reason }: Revocation,
    @AccessToken() token: BoundToken,
  ): Promise<Certificate> {
    return this.revocations.revoke(id, reason, token);
  }
}
