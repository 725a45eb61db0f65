import type { CertificateHeader } from './certificate-header.js';
import { foldedHeaderName, isCertificateHeader, mayBeCertificateHeader } from './known-certificate-headers.js';

/** The certificate headers that a request carries, judged against the one that is expected. */
export interface CertificateHeadersSent {
  /** Each value of the expected header, as it was sent. */
  readonly values: readonly string[];
  /** Names that only servers which fold underscores would take for the expected one. */
  readonly twins: readonly string[];
  /** Names of other certificate headers, lower case. */
  readonly others: readonly string[];
}

/**
 * @param rawHeaders `IncomingMessage.rawHeaders`; Node's `headers` joins two of one name with a comma
 * @param expected undefined: none is
 */
export function certificateHeadersIn(
  rawHeaders: readonly string[],
  expected: CertificateHeader | undefined,
): CertificateHeadersSent {
  const values: string[] = [];
  const twins: string[] = [];
  const others: string[] = [];
  const name = expected?.name.toLowerCase();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const spelled = rawHeaders[at]!;
    if (spelled.length !== name?.length && !mayBeCertificateHeader(spelled)) continue; // folding leaves the length
    const sent = spelled.toLowerCase();
    const folded = foldedHeaderName(sent);
    if (sent === name) values.push(rawHeaders[at + 1]!);
    else if (folded === name) twins.push(sent);
    else if (isCertificateHeader(folded)) others.push(sent);
  }
  return { values, twins, others };
}
