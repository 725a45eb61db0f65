import { constants, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { joseSignature } from './jose-signature.js';
import type { SigningAlgorithm } from '../records/signing-algorithm.js';

export interface JwsKey {
  readonly alg: SigningAlgorithm;
  readonly keyObject: KeyObject;
}

const onThreadPool = promisify(sign);
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/**
 * A compact JWS (RFC 7515 section 7.1) by `node:crypto`: WebCrypto, which jose uses, takes as long again to hand each
 * signature to a thread as the signature takes.
 * @param header base64url of the protected header, whose `alg` is the key's
 * @param payload signed as JSON
 */
export async function compactJws(header: string, payload: object, key: JwsKey): Promise<string> {
  const text = `${header}.${base64url(payload)}`;
  return `${text}.${(await signatureOf(text, key)).toString('base64url')}`;
}

function signatureOf(text: string, { alg, keyObject }: JwsKey): Buffer | Promise<Buffer> {
  const data = Buffer.from(text);
  switch (alg) {
    case 'ES256':
      return joseSignature(sign('sha256', data, keyObject));
    case 'EdDSA':
      return sign(null, data, keyObject);
    case 'PS256': // ten times as long: others must not wait for it
      return onThreadPool('sha256', data, { key: keyObject, ...PSS });
  }
}

export function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
