import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { UndecryptableKeyError, type KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { parseCertificate } from '@partner-ecosystem/x509';
import type { JWK } from 'jose';
import type { CertificateAuthority } from '../records/certificate-authority.entity.js';
import type { Signer } from './signed-certificate.js';

type StoredAuthority = Pick<CertificateAuthority, 'pem' | 'private_jwe' | 'spki_sha256'>;

/** A fresh P-256 key: SPKI as DER, and the private part encrypted, which leaves this function in no other form than to sign. */
export async function createAuthorityKey(
  encryption: KeyEncryptionKey,
  spkiSha256: (publicKey: Buffer) => string,
): Promise<{ publicKey: Buffer; privateJwe: string; privateKey: webcrypto.CryptoKey }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const pair = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const publicKey = Buffer.from(await webcrypto.subtle.exportKey('spki', pair.publicKey));
  const jwk = (await webcrypto.subtle.exportKey('jwk', pair.privateKey)) as JWK;
  const privateJwe = await encryption.encrypt(jwk, spkiSha256(publicKey));
  return { publicKey, privateJwe, privateKey: await signingKeyOf(jwk) };
}

/**
 * Opens the key of a stored authority. It has to be the key of the certificate beside it: whoever can write to the table
 * but does not hold the key-encryption key cannot have anything signed with a key of their own.
 * @throws UndecryptableKeyError
 */
export async function openAuthorityKey(authority: StoredAuthority, encryption: KeyEncryptionKey): Promise<Signer> {
  const { spki_sha256: kid } = authority;
  const jwk = await encryption.decrypt(authority.private_jwe, kid);
  const certificate = parseCertificate(authority.pem);
  const own = createPublicKey(createPrivateKey({ key: { ...jwk }, format: 'jwk' }));
  if (!own.equals(certificate.x509.publicKey) || certificate.spkiSha256 !== kid)
    throw new UndecryptableKeyError(`the stored key ${kid} cannot be used: it belongs to another certificate`);
  return { certificate, privateKey: await signingKeyOf(jwk) };
}

function signingKeyOf(jwk: JWK): Promise<webcrypto.CryptoKey> {
  const { kty, crv, x, y, d } = jwk;
  const members = { kty, crv, x, y, d } as webcrypto.JsonWebKey;
  return webcrypto.subtle.importKey('jwk', members, { name: 'ECDSA', namedCurve: crv ?? '' }, false, ['sign']);
}
