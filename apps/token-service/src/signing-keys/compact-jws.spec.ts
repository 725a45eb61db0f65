import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { base64url, compactJws } from './compact-jws.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from '../records/signing-algorithm.js';

const PAIRS: Record<SigningAlgorithm, KeyPairKeyObjectResult> = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync('ed25519'),
};

describe('a compact JWS', () => {
  it.each(SIGNING_ALGORITHMS)('A19 of %s is one that jose verifies with the public key and no other', async (alg) => {
    const header = base64url({ alg, typ: 'at+jwt', kid: 'k' });
    const { privateKey, publicKey } = PAIRS[alg];
    const jws = await compactJws(header, { sub: 'cli_é', n: 1 }, { alg, keyObject: privateKey });
    const { payload, protectedHeader } = await jwtVerify(jws, publicKey, { algorithms: [alg], typ: 'at+jwt' });
    expect(payload).toEqual({ sub: 'cli_é', n: 1 });
    expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: 'k' });
    const [, , signature] = jws.split('.');
    const other = `${header}.${base64url({ sub: 'cli_other' })}.${signature}`;
    await expect(jwtVerify(other, publicKey)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });
});
