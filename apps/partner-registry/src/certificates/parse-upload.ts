import { parseCertificate, X509Error, type Certificate } from '@partner-ecosystem/x509';
import { RegistryError } from '../problems/registry-error.js';
import { privateKeyInRequest } from './certificate.errors.js';

/**
 * The one leaf certificate of an upload.
 * @throws RegistryError `private_key_in_request`, `certificate_bundle`, `certificate_malformed`; none repeats the input
 */
export function parseUpload(pem: string): Certificate {
  try {
    return parseCertificate(pem);
  } catch (error) {
    throw error instanceof X509Error ? refusalOf(error) : error;
  }
}

function refusalOf(error: X509Error): RegistryError {
  if (error.code === 'private_key_present') return privateKeyInRequest();
  if (error.code === 'certificate_bundle') {
    return RegistryError.ofField('certificate_bundle', '/pem', 'There are several certificates: send the leaf only.');
  }
  return RegistryError.ofField('certificate_malformed', '/pem', `It is ${error.message}.`);
}
