import type { Certificate } from '../certificate/certificate.js';
import type { CertificateCheck } from './certificate-check.js';

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const PURPOSE_NAMES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  [CLIENT_AUTH]: 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};
const SMALLEST_RSA = 2048;
const CURVES = new Set(['P-256', 'P-384', 'P-521']);
const STRONG_SIGNATURES = new Set([
  'sha256WithRSAEncryption',
  'sha384WithRSAEncryption',
  'sha512WithRSAEncryption',
  'rsassaPss-with-SHA256',
  'rsassaPss-with-SHA384',
  'rsassaPss-with-SHA512',
  'ecdsa-with-SHA256',
  'ecdsa-with-SHA384',
  'ecdsa-with-SHA512',
  'Ed25519',
  'Ed448',
]);

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
    observed: `valid from ${instant(notBefore)}, now ${instant(now)}`,
    expected: 'a first day of validity that has begun',
  };
}

// RFC 5280 4.1.2.5: notAfter itself still belongs to the period
function expired({ notAfter }: Certificate, now: Date): CertificateCheck {
  return {
    id: 'expired',
    ...verdict(now <= notAfter, 'Have a new certificate issued and register that one.'),
    observed: `valid until ${instant(notAfter)}, now ${instant(now)}`,
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
  const strong =
    (key.type === 'rsa' && (key.bits ?? 0) >= SMALLEST_RSA) ||
    (key.type === 'ec' && CURVES.has(key.curve ?? '')) ||
    key.type === 'ed25519' ||
    key.type === 'ed448';
  return {
    id: 'weak_key',
    ...verdict(strong, 'Make a new key pair, P-256 for example, and have a certificate issued for it.'),
    observed: keyText(key),
    expected: `RSA of ${SMALLEST_RSA} bits or more, EC on ${[...CURVES].join(', ')}, Ed25519 or Ed448`,
  };
}

function weakSignature({ signatureAlgorithm: { oid, name } }: Certificate): CertificateCheck {
  return {
    id: 'weak_signature',
    // a list of the good ones: an algorithm nobody listed is refused
    ...verdict(STRONG_SIGNATURES.has(name), 'Have the certificate issued again with SHA-256; the key pair can stay.'),
    observed: name === oid ? `signature algorithm ${oid}, not known here` : `${name} (${oid})`,
    expected: 'a signature with SHA-256, SHA-384, SHA-512, Ed25519 or Ed448',
  };
}

function extendedKeyUsage({ extendedKeyUsage: usages }: Certificate): CertificateCheck {
  const check = { id: 'extended_key_usage', expected: 'extended key usage with clientAuth' };
  if (usages === undefined) {
    const hint = 'Accepted, but some TLS libraries do not send such a certificate: have it issued with clientAuth.';
    return { ...check, result: 'warn', observed: 'no extended key usage', hint };
  }
  const hint = 'It was issued for another purpose, most often for a server. Have it issued with clientAuth.';
  const observed = usages.map((usage) => PURPOSE_NAMES[usage] ?? usage).join(', ');
  return { ...check, ...verdict(usages.includes(CLIENT_AUTH), hint), observed };
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

function verdict(passed: boolean, hint: string): Pick<CertificateCheck, 'result' | 'hint'> {
  return passed ? { result: 'pass', hint: '' } : { result: 'fail', hint };
}

function keyText({ type, bits, curve }: Certificate['key']): string {
  if (type === 'rsa') return `RSA, ${bits ?? 'unknown'} bits`;
  if (type === 'ec') return `EC on ${curve ?? 'a curve without a name'}`;
  return type === 'other' ? 'a kind of key not known here' : type;
}

function instant(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}
