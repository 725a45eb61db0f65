import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { CertificateEvidence } from '../certificate-source/certificate-source.js';
import { RefusedError } from '../protocol/errors.js';
import { evidenceFor } from './evidence-for.js';
import { tell } from './guard-event.js';
import { keepFromCaches } from './keep-from-caches.js';
import { MTLS_BINDING_OPTIONS, type MtlsBindingOptions } from './options.js';
import { RefusedException } from './refused.exception.js';
import { incomingMessageOf, rememberCertificate, serverResponseOf } from './request.js';

// RFC 9110 section 15.5.2 asks for a challenge. No scheme is registered for a TLS certificate, and a registered one would
// make callers try a password or a token.
const CHALLENGE = 'TLS-Client-Certificate';

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
    keepFromCaches(context, this.binding.certificateSource);
    rememberCertificate(request, this.presentedBy(request, context));
    return true;
  }

  private presentedBy(request: object, context: ExecutionContext): CertificateEvidence {
    try {
      const evidence = evidenceFor(incomingMessageOf(request), this.binding.certificateSource);
      if (evidence) return evidence;
      throw new RefusedError('unauthorized', 'certificate_missing', 'the connection presented no client certificate');
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      tell(this.binding.report, { kind: 'refused', error });
      if (error.status === 401) serverResponseOf(context).setHeader('WWW-Authenticate', CHALLENGE);
      throw new RefusedException(error);
    }
  }
}
