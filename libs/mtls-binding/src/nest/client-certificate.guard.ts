import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { RefusedError } from '../protocol/errors.js';
import { MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';
import { RefusedException } from './refused.exception.js';
import { incomingMessageOf, rememberCertificate } from './request.js';

/**
 * Lets a request through only when its connection proved a client certificate; no token is asked for.
 * What guards a token endpoint, together with `@Public()`.
 *
 * Does not check: dates, path or registration of the certificate. Whoever authenticates the client does.
 */
@Injectable()
export class ClientCertificateGuard implements CanActivate {
  constructor(@Inject(MTLS_BINDING_OPTIONS) private readonly binding: MtlsBindingOptions) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<object>();
    const evidence = this.binding.certificateSource.evidenceOf(incomingMessageOf(request));
    if (!evidence) {
      // No challenge: there is no WWW-Authenticate scheme for a TLS certificate.
      throw new RefusedException(
        new RefusedError('unauthorized', 'certificate_missing', 'the connection presented no client certificate'),
      );
    }
    rememberCertificate(request, evidence);
    return true;
  }
}
