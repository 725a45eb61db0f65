import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { CertificateEvidence, CertificateSource } from '../certificate-source/certificate-source.js';
import { RefusedError } from '../protocol/errors.js';

const HEADER = 'test-client-certificate';
const WARNING =
  'testBinding() FROM mtls-binding/testing IS INSTALLED. No client certificate is ever looked at, and only tokens that ' +
  'this process minted itself are accepted. In production this refuses everybody: install tlsSocket() or trustedProxy().';

/**
 * Certificates without TLS, for `app.inject()` and supertest: a request presents one by naming a secret that only this
 * process knows. Should it ever reach production, nobody there can present anything.
 */
export class TestCertificateSource implements CertificateSource {
  readonly #presentable = new Map<string, CertificateEvidence>();
  readonly warnings = [WARNING];

  /** @returns the headers that make a request present this certificate */
  headersFor(evidence: CertificateEvidence): Record<string, string> {
    const secret = randomUUID();
    this.#presentable.set(secret, evidence);
    return { [HEADER]: secret };
  }

  evidenceOf({ rawHeaders }: IncomingMessage): CertificateEvidence | undefined {
    const values = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase() === HEADER);
    if (values.length === 0) return undefined;
    const evidence = values.length === 1 ? this.#presentable.get(values[0]!) : undefined;
    if (evidence) return evidence;
    const message = `${values.length} ${HEADER} headers, and not one that this process handed out`;
    throw new RefusedError('invalid_request', 'certificate_header_untrusted', message);
  }
}
