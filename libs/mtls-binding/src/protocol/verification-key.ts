import { KeyObject, type webcrypto } from 'node:crypto';
import { types } from 'node:util';

/** FAPI 2.0, section 5.4.1. */
const LEAST_RSA_BITS = 2048;

interface KeyShape {
  /** as WebCrypto imports it */
  readonly name: string;
  /** Whether node:crypto's half fits too. */
  fits(key: KeyObject): boolean;
}

const ED25519: KeyShape = { name: 'Ed25519', fits: ({ asymmetricKeyType }) => asymmetricKeyType === 'ed25519' };

/** Which key an algorithm may be used with: a key of another kind must never decide. // R4, A19 */
const SHAPES: Readonly<Record<string, KeyShape>> = {
  ES256: {
    name: 'ECDSA',
    fits: ({ asymmetricKeyType, asymmetricKeyDetails }) =>
      asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1',
  },
  PS256: {
    name: 'RSA-PSS',
    fits: ({ asymmetricKeyType, asymmetricKeyDetails }) =>
      (asymmetricKeyType === 'rsa' || asymmetricKeyType === 'rsa-pss') &&
      (asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS,
  },
  EdDSA: ED25519,
  Ed25519: ED25519,
};

/** For the few keys of an issuer; an algorithm that fitted a key fits it for good. */
const known = new WeakMap<object, { readonly algorithm: string; readonly key: KeyObject }>();

/**
 * The key as node:crypto takes it, if it is one for this algorithm.
 * @param key what a key set gave: a public `CryptoKey` for verifying, or a public `KeyObject`
 * @throws TypeError otherwise: the key set, not the token, is at fault
 */
export function verificationKey(algorithm: string, key: unknown): KeyObject {
  const held = typeof key === 'object' && key !== null ? known.get(key) : undefined;
  if (held?.algorithm === algorithm) return held.key;
  const shape = Object.hasOwn(SHAPES, algorithm) ? SHAPES[algorithm] : undefined;
  const usable = shape && keyObjectOf(key, shape.name);
  if (!usable || usable.type !== 'public' || !shape.fits(usable)) {
    throw new TypeError(`the key set gave no public key for ${algorithm}`);
  }
  known.set(key as object, { algorithm, key: usable });
  return usable;
}

function keyObjectOf(key: unknown, name: string): KeyObject | undefined {
  if (types.isKeyObject(key)) return key;
  if (!types.isCryptoKey(key)) return undefined;
  const { algorithm, usages } = key;
  if (algorithm.name !== name || !usages.includes('verify')) return undefined;
  const { hash } = algorithm as webcrypto.RsaHashedKeyAlgorithm;
  if (hash !== undefined && hash.name !== 'SHA-256') return undefined;
  return KeyObject.from(key);
}
