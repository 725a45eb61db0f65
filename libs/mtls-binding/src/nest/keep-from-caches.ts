import type { ExecutionContext } from '@nestjs/common';
import type { CertificateSource } from '../certificate-source/certificate-source.js';
import { serverResponseOf } from './request.js';

/** An answer that depends on a certificate in a header is one partner's: caches before us must not store it. // T7 */
export function keepFromCaches(context: ExecutionContext, { readsHeader }: CertificateSource): void {
  if (readsHeader) serverResponseOf(context).setHeader('Cache-Control', 'no-store');
}
