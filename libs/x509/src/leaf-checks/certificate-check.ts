/** One question put to a certificate. All texts are for the operator who registers it. */
export interface CertificateCheck {
  /**
   * stable. `checkLeaf`: not_yet_valid, expired, ca_certificate, weak_key, weak_signature, key_usage,
   * extended_key_usage, unknown_critical_extension; `checkCertificationRequest`: proof_of_possession, weak_key,
   * weak_signature; `judgePath`: those that begin with `path_`
   */
  id: string;
  result: 'pass' | 'fail' | 'warn';
  observed: string;
  expected: string;
  /** what to do; empty when it passed */
  hint: string;
}

export function verdict(passed: boolean, hint: string): Pick<CertificateCheck, 'result' | 'hint'> {
  return passed ? { result: 'pass', hint: '' } : { result: 'fail', hint };
}
