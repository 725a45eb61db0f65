import { randomBytes } from 'node:crypto';
import { CompactSign, compactVerify, exportJWK, generateKeyPair, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { createSigningKey } from './create-signing-key.js';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { openSigningKey } from './open-signing-key.js';
import { SIGNING_ALGORITHMS } from '../records/signing-algorithm.js';

const encryption = new KeyEncryptionKey(randomBytes(32));
const MEMBERS = { ES256: ['crv', 'kty', 'x', 'y'], PS256: ['e', 'kty', 'n'], EdDSA: ['crv', 'kty', 'x'] };

describe.each(SIGNING_ALGORITHMS)('A19, A20: a key for %s', (alg) => {
  it('signs what its public part verifies, and the public part has nothing else', async () => {
    const stored = await createSigningKey(alg, 'next', encryption);
    const { privateKey, publicJwk, kid } = await openSigningKey(stored, encryption);
    const signed = await new CompactSign(randomBytes(8)).setProtectedHeader({ alg, kid }).sign(privateKey);
    await expect(compactVerify(signed, await importJWK(publicJwk, alg))).resolves.toMatchObject({});
    expect(publicJwk).toEqual(stored.publicJwk);
    expect(publicJwk).toMatchObject({ kid, alg, use: 'sig' });
    expect(Object.keys(publicJwk).sort()).toEqual([...MEMBERS[alg], 'alg', 'kid', 'use'].sort());
  });
});

it('A19: an RSA key has 2048 bits', async () => {
  const { publicJwk } = await createSigningKey('PS256', 'next', encryption);
  expect(Buffer.from(publicJwk.n!, 'base64url')).toHaveLength(256);
});

it('A19: EdDSA is Ed25519', async () => {
  expect((await createSigningKey('EdDSA', 'next', encryption)).publicJwk.crv).toBe('Ed25519');
});

it('A20: a private part that belongs to another kid is refused', async () => {
  const { kid } = await createSigningKey('ES256', 'next', encryption);
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const privateJwe = await encryption.encrypt(await exportJWK(privateKey), kid);
  await expect(openSigningKey({ kid, alg: 'ES256', privateJwe }, encryption)).rejects.toMatchObject({
    code: 'key_undecryptable',
  });
});
