import { generateKeyPairSync, KeyObject, webcrypto } from 'node:crypto';

export type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'secp256k1' | 'RSA-2048' | 'RSA-1024' | 'Ed25519';

export interface SubjectKeys {
  /** SubjectPublicKeyInfo, DER */
  spki: Buffer;
  /** PKCS#8, PEM */
  privateKeyPem: string;
  /** absent where WebCrypto does not know the curve: such a key can be certified, but signs nothing */
  pair: webcrypto.CryptoKeyPair | undefined;
}

export async function generateKeys(kind: KeyKind): Promise<SubjectKeys> {
  if (kind !== 'secp256k1') return keysFromPair(await generatePair(kind));
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: kind });
  return {
    spki: publicKey.export({ type: 'spki', format: 'der' }),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    pair: undefined,
  };
}

export function keysFromPair(pair: webcrypto.CryptoKeyPair): SubjectKeys {
  return {
    spki: KeyObject.from(pair.publicKey).export({ type: 'spki', format: 'der' }),
    privateKeyPem: KeyObject.from(pair.privateKey).export({ type: 'pkcs8', format: 'pem' }) as string,
    pair,
  };
}

async function generatePair(kind: Exclude<KeyKind, 'secp256k1'>): Promise<webcrypto.CryptoKeyPair> {
  const usages: webcrypto.KeyUsage[] = ['sign', 'verify'];
  if (kind === 'Ed25519') {
    return (await webcrypto.subtle.generateKey({ name: 'Ed25519' }, true, usages)) as webcrypto.CryptoKeyPair;
  }
  if (kind === 'RSA-2048' || kind === 'RSA-1024') {
    const publicExponent = new Uint8Array([1, 0, 1]);
    const modulusLength = Number(kind.slice('RSA-'.length));
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent, hash: 'SHA-256' };
    return webcrypto.subtle.generateKey(algorithm, true, usages);
  }
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: kind }, true, usages);
}
