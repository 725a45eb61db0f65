import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { Public } from '@partner-ecosystem/mtls-binding';
import { ApiOkResponse, ApiOperation, ApiRefusals, ApiTags } from '@partner-ecosystem/platform/openapi';
import { OnListener } from '@partner-ecosystem/platform/serve';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { environment } from '../../http/fields.schema.js';
import { IdentifierPipe } from '../../identifiers/identifier.pipe.js';
import { RegistryError } from '../../problems/registry-error.js';
import { AuthorityFiles } from './authority-files.js';
import { PUBLICATION_PATH } from './publication-urls.js';
import { sendFile } from './published-file.js';

const AuthorityId = () => Param('id', new IdentifierPipe('cau'));

/** A file of one of these types, as OpenAPI says it. */
const ApiFile = (type: string, description: string) =>
  ApiOkResponse({ description, content: { [type]: { schema: { type: 'string', format: 'binary' } } } });

const OPEN = 'Needs no token and no TLS: it says itself who signed it. With ETag and Last-Modified.';

/**
 * What checking our certificates takes, for everybody. Without TLS as well: to check the certificate of the server that
 * has the list, one would need the list (RFC 5280 section 8).
 */
@ApiTags('certificate-authorities')
@ApiRefusals('not_found')
@Controller(PUBLICATION_PATH)
@OnListener('tls', 'mtls', 'http')
@Public()
export class CertificateAuthoritiesController {
  constructor(private readonly files: AuthorityFiles) {}

  @Get(':id.crl')
  @ApiOperation({ summary: 'Fetch an authority’s CRL', description: OPEN, security: [] })
  @ApiFile('application/pkix-crl', 'DER (RFC 5280): every certificate of it that is revoked and has not expired.')
  async getCrl(@AuthorityId() id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return sendFile(await this.files.list(id), request, reply);
  }

  @Get(':id.crt')
  @ApiOperation({ summary: 'Fetch an authority’s certificate', description: OPEN, security: [] })
  @ApiFile('application/pkix-cert', 'DER.')
  async getAuthorityCertificate(@AuthorityId() id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return sendFile(await this.files.certificate(id), request, reply);
  }

  @Get('roots/:spki.crl')
  @ApiOperation({ summary: 'Fetch a root’s CRL', description: OPEN, security: [] })
  @ApiFile('application/pkix-crl', 'DER (RFC 5280): the authorities below it that are revoked.')
  async getRootCrl(@Param('spki') spki: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return sendFile(await this.files.rootList(spki), request, reply);
  }

  @Get('roots/:spki.crt')
  @ApiOperation({ summary: 'Fetch a root’s certificate', description: OPEN, security: [] })
  @ApiFile('application/pkix-cert', 'DER. Believe it only when its SHA-256 reached you another way.')
  async getRootCertificate(@Param('spki') spki: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return sendFile(await this.files.rootCertificate(spki), request, reply);
  }

  @Get(':environment.pem')
  @ApiOperation({ summary: 'Fetch the authorities of an environment', description: OPEN, security: [] })
  @ApiFile('application/x-pem-file', 'PEM: the authorities of `sandbox` or `production`, newest first, then the roots.')
  async getBundle(@Param('environment') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const { data } = environment.safeParse(name);
    if (data === undefined) throw RegistryError.notFound();
    return sendFile(await this.files.bundle(data, new Date()), request, reply);
  }
}
