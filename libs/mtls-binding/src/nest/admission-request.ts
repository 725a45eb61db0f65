import type { CertificateEvidence } from '../certificate-source/certificate-source.js';

/** What a request brings along, and what its route asks for, before anything of it is believed. */
export interface AdmissionRequest {
  /** the text of the access token */
  readonly credentials: string;
  /** undefined: the connection presented no certificate */
  readonly evidence: CertificateEvidence | undefined;
  readonly requiredScopes: readonly string[];
}
