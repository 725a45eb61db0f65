import { KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, type CryptoKey } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { SIGNATURE_ALGORITHMS, verifyAccessToken, type VerificationRules } from './bound-token.js';
import { RefusedError } from './errors.js';

// Reading and verifying a JWS is the library's own, for speed (docs/adr/0009). Here jose looks over its shoulder.

const now = new Date('2026-06-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const [issuer, audience] = ['https://issuer.test', 'https://api.test'];
const GOOD_HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'k1' };
const GOOD_CLAIMS = {
  iss: issuer,
  aud: audience,
  sub: 'cli_1',
  iat: seconds,
  exp: seconds + 300,
  jti: 'j',
  client_id: 'cli_1',
  partner_id: 'ptn_1',
  scope: 'a b',
  cnf: { 'x5t#S256': 'A'.repeat(43) },
};

let privateKey: CryptoKey;
let rules: VerificationRules;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  privateKey = pair.privateKey;
  const jwk = await exportJWK(pair.publicKey);
  const rsa = await exportJWK((await generateKeyPair('PS256')).publicKey);
  const named = [
    { ...jwk, kid: 'k1', alg: 'ES256', use: 'sig' },
    { ...rsa, kid: 'k1', alg: 'PS256', use: 'sig' },
    { ...jwk, kid: 'k2', alg: 'ECDH-ES', use: 'enc' },
    { ...jwk, kid: 'k3' },
  ];
  rules = { issuer, audience, keys: createLocalJWKSet({ keys: named }) };
});

const odd = fc.constantFrom<unknown>(
  ...[undefined, null, true, false, 0, -1, 1e400, seconds, seconds - 1, seconds + 4, seconds + 6, String(seconds)],
  ...['', 'x', 'none', 'HS256', 'RS256', 'PS256', 'ES256', 'EdDSA', 'JWT', 'AT+JWT', 'application/at+jwt', 'k2', 'k3'],
  ...[issuer, audience, [], [audience], ['b64'], ['exp'], {}, { kty: 'EC' }],
);
const few = { maxKeys: 2 }; // else next to nothing would pass
const header = fc.dictionary(fc.constantFrom('alg', 'typ', 'kid', 'crit', 'b64', 'jwk', 'zip', '__proto__'), odd, few);
const claims = fc.dictionary(fc.constantFrom('iss', 'aud', 'exp', 'iat', 'nbf', 'sub', 'cnf', 'scope'), odd, few);
/** What becomes of the text: at a place, a character is left out, put in or replaced; mostly nothing. */
const damage = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(900), fc.nat(1), fc.constantFrom('', 'A', '_', '.', '=', '+', ' ', 'é')) },
);

function minted(head: object, said: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ ...GOOD_HEADER, ...head })}.${part({ ...GOOD_CLAIMS, ...said })}`;
  const key = { key: KeyObject.from(privateKey), dsaEncoding: 'ieee-p1363' as const };
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

async function byUs(token: string): Promise<object | undefined> {
  try {
    return (await verifyAccessToken(token, rules, now)).claims;
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

async function byJose(token: string): Promise<object | undefined> {
  const dates = { clockTolerance: 5, currentDate: now, requiredClaims: ['exp', 'iat'] };
  const means = { issuer, audience, algorithms: [...SIGNATURE_ALGORITHMS], typ: 'at+jwt' };
  return jwtVerify(token, rules.keys, { ...means, ...dates }).then(
    ({ payload }) => payload,
    () => undefined,
  );
}

describe('R2, R3, R4: nothing passes that jose refuses', () => {
  it('whatever header and claims the issuer signed, and whatever became of the text', async () => {
    let [tried, passed] = [0, 0];
    const property = fc.asyncProperty(header, claims, damage, async (head, said, change) => {
      tried += 1;
      const whole = minted(head, said);
      const [at, length, text] = change ?? [whole.length, 0, ''];
      const token = whole.slice(0, at) + text + whole.slice(at + length);
      const ours = await byUs(token);
      if (ours === undefined) return;
      passed += 1;
      expect(await byJose(token)).toEqual(ours);
    });
    await fc.assert(property, { numRuns: 1_000, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false });
    expect(passed).toBeGreaterThan(tried / 20); // else it says nothing
  });
});
