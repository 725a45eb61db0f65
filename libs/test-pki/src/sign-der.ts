import { constants, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { bitString, element, integer, objectIdentifier, tag } from './der.js';

/** Weak ones too. PSS: RSASSA-PSS with SHA-256. Ed25519 keys take no notice of it. */
export type SignatureScheme = 'MD5' | 'SHA-1' | 'SHA-224' | 'SHA-256' | 'SHA-384' | 'SHA-512' | 'PSS';

const RSA: Readonly<Record<Exclude<SignatureScheme, 'PSS'>, string>> = {
  MD5: '1.2.840.113549.1.1.4',
  'SHA-1': '1.2.840.113549.1.1.5',
  'SHA-224': '1.2.840.113549.1.1.14',
  'SHA-256': '1.2.840.113549.1.1.11',
  'SHA-384': '1.2.840.113549.1.1.12',
  'SHA-512': '1.2.840.113549.1.1.13',
};
const ECDSA: Readonly<Partial<Record<SignatureScheme, string>>> = {
  'SHA-1': '1.2.840.10045.4.1',
  'SHA-224': '1.2.840.10045.4.3.1',
  'SHA-256': '1.2.840.10045.4.3.2',
  'SHA-384': '1.2.840.10045.4.3.3',
  'SHA-512': '1.2.840.10045.4.3.4',
};
const SHA256 = '2.16.840.1.101.3.4.2.1';

export interface SignatureOptions {
  privateKeyPem: string;
  scheme: SignatureScheme;
  /** true: one bit of the signature is wrong */
  forged?: boolean;
}

/**
 * A certificate or a CRL around its signed part, which is built when the algorithm is known, as it names it.
 * node:crypto signs, not WebCrypto, which has neither MD5 nor secp256k1.
 */
export function signDer(signedPart: (algorithm: Buffer) => Buffer, options: SignatureOptions): Buffer {
  const key = createPrivateKey(options.privateKeyPem);
  const algorithm = algorithmIdentifier(key, options.scheme);
  const content = signedPart(algorithm);
  const signature = signatureOver(content, key, options.scheme);
  if (options.forged) signature[signature.length - 1]! ^= 1;
  return element(tag.sequence, content, algorithm, bitString(signature));
}

function signatureOver(content: Buffer, key: KeyObject, scheme: SignatureScheme): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return sign(null, content, key);
  if (scheme !== 'PSS') return sign(scheme.replace('-', ''), content, key);
  return sign('SHA256', content, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
}

function algorithmIdentifier(key: KeyObject, scheme: SignatureScheme): Buffer {
  if (key.asymmetricKeyType === 'ed25519') return element(tag.sequence, objectIdentifier('1.3.101.112'));
  if (key.asymmetricKeyType === 'ec') {
    const oid = ECDSA[scheme];
    if (oid === undefined) throw new TypeError(`an EC key does not sign with ${scheme}`);
    return element(tag.sequence, objectIdentifier(oid));
  }
  const none = element(tag.null);
  if (scheme !== 'PSS') return element(tag.sequence, objectIdentifier(RSA[scheme]), none);
  const hash = element(tag.sequence, objectIdentifier(SHA256), none);
  const mask = element(tag.sequence, objectIdentifier('1.2.840.113549.1.1.8'), hash);
  const parameters = [element(0xa0, hash), element(0xa1, mask), element(0xa2, integer('20'))];
  return element(tag.sequence, objectIdentifier('1.2.840.113549.1.1.10'), element(tag.sequence, ...parameters));
}
