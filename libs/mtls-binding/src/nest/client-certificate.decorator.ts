import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { CertificateEvidence } from '../certificate-source/certificate-source.js';
import { clientCertificateOf } from './request.js';

/**
 * The client certificate of the request's connection, as `CertificateEvidence`.
 * @throws TypeError on a route that neither of our guards guarded
 */
export const ClientCertificate = createParamDecorator((_: unknown, context: ExecutionContext): CertificateEvidence => {
  const evidence = clientCertificateOf(context.switchToHttp().getRequest<object>());
  if (!evidence)
    throw new TypeError('@ClientCertificate() on a route without ClientCertificateGuard or BoundTokenGuard');
  return evidence;
});
