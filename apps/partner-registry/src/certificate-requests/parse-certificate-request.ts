import { parseCertificationRequest, X509Error, type CertificationRequest } from '@partner-ecosystem/x509';
import { privateKeyInRequest } from '../problems/certificate.errors.js';
import { RegistryError } from '../problems/registry-error.js';

/** PEM text, or `csr` also DER in base64: exactly one of the two. */
export interface RequestContent {
  readonly csr?: string | undefined;
  readonly pem?: string | undefined;
}

/** @throws RegistryError `private_key_in_request`, `certificate_request_malformed`; neither repeats the input */
export function parseCertificateRequest({ csr, pem }: RequestContent): CertificationRequest {
  try {
    return parseCertificationRequest(pem ?? textOrDer(csr!));
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    if (error.code === 'private_key_present') throw privateKeyInRequest();
    const pointer = pem === undefined ? '/csr' : '/pem';
    throw RegistryError.ofField('certificate_request_malformed', pointer, `It is ${error.message}.`);
  }
}

// What is no base64 stays text, which the parser then refuses as such.
function textOrDer(csr: string): string | Buffer {
  const base64 = csr.replace(/\s+/g, '');
  const der = Buffer.from(base64, 'base64');
  return der.length > 0 && der.toString('base64') === base64 ? der : csr;
}
