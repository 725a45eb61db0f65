/** One question put to a certificate. All texts are for the operator who registers it. */
export interface CertificateCheck {
  /** stable: not_yet_valid, expired, ca_certificate, weak_key, weak_signature, extended_key_usage, unknown_critical_extension */
  id: string;
  result: 'pass' | 'fail' | 'warn';
  observed: string;
  expected: string;
  /** what to do; empty when it passed */
  hint: string;
}
