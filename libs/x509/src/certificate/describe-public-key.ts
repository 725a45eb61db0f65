import type { KeyObject, X509Certificate } from 'node:crypto';

export interface PublicKeyDescription {
  type: 'rsa' | 'ec' | 'ed25519' | 'ed448' | 'other';
  /** size of the modulus, RSA only */
  bits?: number;
  /** public exponent in decimal, RSA only, and only where it is not 65537 */
  exponent?: string;
  /** P-256, P-384, P-521, or OpenSSL's name; absent where the curve has none */
  curve?: string;
}

const NIST_CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };
const USUAL_EXPONENT = 65_537n;

/** @param key undefined: a key that OpenSSL cannot use */
export function describePublicKey(key: KeyObject | undefined): PublicKeyDescription {
  const type = key?.asymmetricKeyType;
  const details = key?.asymmetricKeyDetails;
  if (type === 'ed25519' || type === 'ed448') return { type };
  if (type === 'rsa' || type === 'rsa-pss') {
    const exponent = details?.publicExponent === USUAL_EXPONENT ? undefined : details?.publicExponent?.toString();
    return { type: 'rsa', ...optional('bits', details?.modulusLength), ...optional('exponent', exponent) };
  }
  if (type === 'ec') {
    const name = details?.namedCurve;
    return { type, ...optional('curve', name && (NIST_CURVES[name] ?? name)) };
  }
  return { type: 'other' };
}

/** OpenSSL parses certificates with keys it cannot use, and throws only here: undefined then. */
export function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined;
  }
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [K in Name]?: Value };
}
