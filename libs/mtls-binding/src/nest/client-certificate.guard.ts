import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { CertificateEvidence } from '../certificate-source/certificate-source.js';
import { RefusedError } from '../protocol/errors.js';
import { evidenceFor } from './evidence-for.js';
import { tell } from './guard-event.js';
import { keepFromCaches } from './keep-from-caches.js';
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
    keepFromCaches(context, this.binding.certificateSource);
    rememberCertificate(request, this.presentedBy(request));
    return true;
  }

  private presentedBy(request: object): CertificateEvidence {
    try {
      const evidence = evidenceFor(incomingMessageOf(request), this.binding.certificateSource);
      if (evidence) return evidence;
      throw new RefusedError('unauthorized', 'certificate_missing', 'the connection presented no client certificate');
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      tell(this.binding.report, { kind: 'refused', error });
      // No challenge: there is no WWW-Authenticate scheme for a TLS certificate.
      throw new RefusedException(error);
    }
  }
}
