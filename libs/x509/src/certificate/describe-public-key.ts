import type { KeyObject, X509Certificate } from 'node:crypto';

export interface PublicKeyDescription {
  type: 'rsa' | 'ec' | 'ed25519' | 'ed448' | 'other';
  /** size of the modulus, RSA only */
  bits?: number;
  /** P-256, P-384, P-521, or OpenSSL's name; absent where the curve has none */
  curve?: string;
}

const NIST_CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

export function describePublicKey(x509: X509Certificate): PublicKeyDescription {
  const key = publicKeyOf(x509);
  const type = key?.asymmetricKeyType;
  if (type === 'ed25519' || type === 'ed448') return { type };
  if (type === 'rsa' || type === 'rsa-pss') {
    return { type: 'rsa', ...optional('bits', key?.asymmetricKeyDetails?.modulusLength) };
  }
  if (type === 'ec') {
    const name = key?.asymmetricKeyDetails?.namedCurve;
    return { type, ...optional('curve', name && (NIST_CURVES[name] ?? name)) };
  }
  return { type: 'other' };
}

// OpenSSL parses certificates with keys it cannot use, and throws only here
function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: Value };
}
