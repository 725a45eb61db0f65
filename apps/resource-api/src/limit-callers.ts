import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accessTokenOf, type CertificateSource } from '@partner-ecosystem/mtls-binding';
import { enforceLimits, type Limits } from '@partner-ecosystem/platform/limits';

/** Holds callers to the limits: known by the certificate of their connection, and as the client of their token. */
export function limitCallers(app: NestFastifyApplication, limits: Limits, source: CertificateSource): void {
  enforceLimits(app, {
    limits,
    certificateOf: (request) => source.evidenceOf(request)?.thumbprint,
    clientOf: (request) => accessTokenOf(request)?.clientId,
  });
}
