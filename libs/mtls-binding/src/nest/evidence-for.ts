import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { CertificateEvidence, CertificateSource } from '../certificate-source/certificate-source.js';
import { RefusedError } from '../protocol/errors.js';

const log = new Logger('MtlsBinding');

/**
 * What the source says of this request. A refusal is logged here: Nest's own exception filter logs none, and a forged
 * certificate header is either an attack or a proxy that lets one through. // T6
 * @throws RefusedError `invalid_request`
 */
export function evidenceFor(message: IncomingMessage, source: CertificateSource): CertificateEvidence | undefined {
  try {
    return source.evidenceOf(message);
  } catch (error) {
    if (error instanceof RefusedError) log.warn(`${error.check}: ${error.message}`);
    throw error;
  }
}
