import {
  isStrongKey,
  isStrongSignature,
  keyText,
  signatureText,
  STRONG_KEYS,
  STRONG_SIGNATURES,
} from '../certificate/algorithm-strength.js';
import { isSignatureBy } from '../certificate/is-signature-by.js';
import { verdict, type CertificateCheck } from '../leaf-checks/certificate-check.js';
import type { CertificationRequest } from './certification-request.js';
import { requestedKey } from './requested-key.js';

/**
 * Judges a request by itself, every check answered each time: refuse it when one of them is `fail`. Keys and algorithms
 * are held to what `checkLeaf` asks of certificates.
 * Does not check: the names and extensions it asks for, and whether the key is known already.
 */
export function checkCertificationRequest(request: CertificationRequest): CertificateCheck[] {
  return [proofOfPossession(request), weakKey(request), weakSignature(request)];
}

// RFC 2986 section 3: who signs holds the key, and meant this request
function proofOfPossession(request: CertificationRequest): CertificateCheck {
  const key = requestedKey(request.publicKey);
  const passed = key !== undefined && isSignatureBy(request, key);
  return {
    id: 'proof_of_possession',
    ...verdict(passed, 'Make the request with the private key it is for, and send it unchanged.'),
    observed: passed ? 'signed with the key it asks a certificate for' : 'not signed with the key in it',
    expected: 'a signature over the request with the private key of the public key in it',
  };
}

function weakKey({ key }: CertificationRequest): CertificateCheck {
  const hint = 'Make a new key pair, P-256 for example, and a request for it.';
  return { id: 'weak_key', ...verdict(isStrongKey(key), hint), observed: keyText(key), expected: STRONG_KEYS };
}

function weakSignature({ signatureAlgorithm: algorithm }: CertificationRequest): CertificateCheck {
  return {
    id: 'weak_signature',
    ...verdict(isStrongSignature(algorithm), 'Make the request again with SHA-256; the key pair can stay.'),
    observed: signatureText(algorithm),
    expected: `a signature with ${STRONG_SIGNATURES}`,
  };
}
