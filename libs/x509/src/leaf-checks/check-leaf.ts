import {
  isStrongKey,
  isStrongSignature,
  keyText,
  signatureText,
  STRONG_KEYS,
  STRONG_SIGNATURES,
} from '../certificate/algorithm-strength.js';
import type { Certificate } from '../certificate/certificate.js';
import { CLIENT_AUTH, purposesText } from '../certificate/purposes.js';
import { verdict, type CertificateCheck } from './certificate-check.js';
import { instantText } from './instant-text.js';

/**
 * Judges a certificate as a client's leaf, every check answered each time: refuse it when one of them is `fail`.
 * Throws TypeError when `now` is an invalid date. Does not check: the signature, the path to an authority, revocation, or whose certificate it is.
 */
export function checkLeaf(certificate: Certificate, now: Date): CertificateCheck[] {
  if (Number.isNaN(now.getTime())) throw new TypeError('now is no date');
  return [
    notYetValid(certificate, now),
    expired(certificate, now),
    caCertificate(certificate),
    weakKey(certificate),
    weakSignature(certificate),
    keyUsage(certificate),
    extendedKeyUsage(certificate),
    unknownCriticalExtension(certificate),
  ];
}

function notYetValid({ notBefore }: Certificate, now: Date): CertificateCheck {
  return {
    id: 'not_yet_valid',
    ...verdict(
      now >= notBefore,
      'Wait until then, or have it issued again; if the date looks right, check the clocks.',
    ),
    observed: `valid from ${instantText(notBefore)}, now ${instantText(now)}`,
    expected: 'a first day of validity that has begun',
  };
}

// RFC 5280 4.1.2.5: notAfter itself still belongs to the period
function expired({ notAfter }: Certificate, now: Date): CertificateCheck {
  return {
    id: 'expired',
    ...verdict(now <= notAfter, 'Have a new certificate issued and register that one.'),
    observed: `valid until ${instantText(notAfter)}, now ${instantText(now)}`,
    expected: 'a last day of validity that has not passed',
  };
}

function caCertificate({ isCa }: Certificate): CertificateCheck {
  return {
    id: 'ca_certificate',
    ...verdict(
      !isCa,
      'This is the certificate of an authority. Register the leaf certificate the client connects with.',
    ),
    observed: isCa ? 'basic constraints CA:TRUE' : 'no certificate authority',
    expected: 'a leaf certificate, without CA:TRUE',
  };
}

function weakKey({ key }: Certificate): CertificateCheck {
  const hint = 'Make a new key pair, P-256 for example, and have a certificate issued for it.';
  return { id: 'weak_key', ...verdict(isStrongKey(key), hint), observed: keyText(key), expected: STRONG_KEYS };
}

function weakSignature({ signatureAlgorithm: algorithm }: Certificate): CertificateCheck {
  const hint = 'Have the certificate issued again with SHA-256; the key pair can stay.';
  return {
    id: 'weak_signature',
    ...verdict(isStrongSignature(algorithm), hint),
    observed: signatureText(algorithm),
    expected: `a signature with ${STRONG_SIGNATURES}`,
  };
}

// RFC 5280 4.2.1.3: a TLS client signs the handshake, and only digitalSignature allows that
function keyUsage({ keyUsage: usages }: Certificate): CertificateCheck {
  const passed = usages === undefined || usages.includes('digitalSignature');
  return {
    id: 'key_usage',
    ...verdict(passed, 'Its key may not sign TLS handshakes. Have it issued with key usage digitalSignature.'),
    observed: usages === undefined ? 'no key usage, so that the key may be used for everything' : usages.join(', '),
    expected: 'key usage with digitalSignature, or no such extension',
  };
}

function extendedKeyUsage({ extendedKeyUsage: usages }: Certificate): CertificateCheck {
  const check = { id: 'extended_key_usage', expected: 'extended key usage with clientAuth' };
  if (usages === undefined) {
    const hint = 'Accepted, but some TLS libraries do not send such a certificate: have it issued with clientAuth.';
    return { ...check, result: 'warn', observed: 'no extended key usage', hint };
  }
  const hint = 'It was issued for another purpose, most often for a server. Have it issued with clientAuth.';
  return { ...check, ...verdict(usages.includes(CLIENT_AUTH), hint), observed: purposesText(usages) };
}

function unknownCriticalExtension({ unknownCriticalExtensions: unknown }: Certificate): CertificateCheck {
  return {
    id: 'unknown_critical_extension',
    ...verdict(unknown.length === 0, 'Have it issued without this extension, or with the extension not critical.'),
    observed: unknown.length === 0 ? 'no such extension' : unknown.join(', '),
    // RFC 5280 4.2: who does not understand a critical extension must refuse the certificate
    expected: 'critical extensions that are understood here',
  };
}
