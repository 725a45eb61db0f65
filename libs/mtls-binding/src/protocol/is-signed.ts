import { constants, verify, type KeyObject } from 'node:crypto';
import { derSignature } from './der-signature.js';

/**
 * Whether this key signed these bytes. node:crypto decides, on a thread of the pool: the event loop goes on with other requests
 * meanwhile. Not WebCrypto, which takes the thread too and a third more besides: docs/adr/0009.
 * @param algorithm one of `SIGNATURE_ALGORITHMS`
 * @param key one that fits it: see `verificationKey`
 */
export function isSigned(algorithm: string, key: KeyObject, signed: Buffer, signature: Buffer): Promise<boolean> {
  switch (algorithm) {
    case 'ES256': {
      // As DER: telling Node that it is r and s side by side costs 25 microseconds of the event loop's time on Node 24.
      const der = derSignature(signature);
      return der ? verified('sha256', signed, key, der) : Promise.resolve(false);
    }
    case 'PS256': {
      const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
      return verified('sha256', signed, pss, signature);
    }
    case 'EdDSA':
    case 'Ed25519':
      return verified(null, signed, key, signature);
    default:
      return Promise.resolve(false);
  }
}

type VerifyingKey = Parameters<typeof verify>[2];

function verified(digest: string | null, signed: Buffer, key: VerifyingKey, signature: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(digest, signed, key, signature, (error, good) => (error ? reject(error) : resolve(good === true)));
  });
}
