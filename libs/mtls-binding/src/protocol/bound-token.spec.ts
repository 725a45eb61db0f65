import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWTPayload,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyBoundToken, type BoundToken, type VerificationRules } from './bound-token.js';
import { RefusedError } from './errors.js';

const issuer = 'https://issuer.test';
const audience = 'https://api.test';
const now = new Date('2026-06-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const cnf = { 'x5t#S256': createHash('sha256').update('leaf').digest('base64url') };
const good: JWTPayload = {
  iss: issuer,
  sub: 'cli_1',
  aud: audience,
  iat: seconds,
  exp: seconds + 300,
  jti: 'j',
  client_id: 'cli_1',
  partner_id: 'ptn_1',
  scope: 'a b',
  cnf,
};

let signingKey: CryptoKey;
let strangersKey: CryptoKey;
let rules: VerificationRules;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256');
  signingKey = pair.privateKey;
  strangersKey = (await generateKeyPair('ES256')).privateKey;
  const keys = createLocalJWKSet({
    keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }],
  });
  rules = { issuer, audience, keys };
});

interface Made {
  claims?: JWTPayload;
  header?: Record<string, unknown>;
  key?: CryptoKey;
}

function mint({ claims = {}, header = {}, key = signingKey }: Made = {}): Promise<string> {
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })
    .sign(key);
}

async function verdict(token: string | Promise<string>, given: VerificationRules = rules, at = now): Promise<string> {
  try {
    await verifyBoundToken(await token, given, at);
    return 'let through';
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return `${error.code} ${error.check}`;
  }
}

describe('R2, R3, R10: a bound token', () => {
  it('is read into its parts', async () => {
    const token = await verifyBoundToken(await mint(), rules, now);
    expect(token).toMatchObject({
      partnerId: 'ptn_1',
      clientId: 'cli_1',
      scopes: ['a', 'b'],
      issuer,
      audience,
      jti: 'j',
      keyId: 'k1',
      confirmation: cnf,
    });
    expect(token.expiresAt).toEqual(new Date((seconds + 300) * 1000));
  });

  it.each([
    ['typ application/at+jwt', { header: { typ: 'application/at+jwt' } }],
    ['no scope', { claims: { scope: undefined } }],
    [
      'a jku, x5u or jwk in the header, which have no effect',
      { header: { jku: 'https://thief.test', x5u: 'https://thief.test', jwk: { kty: 'EC' } } },
    ],
    ['iat 5 s ahead (R11)', { claims: { iat: seconds + 5 } }],
    ['nbf 5 s ahead (R11)', { claims: { nbf: seconds + 5 } }],
  ] satisfies [string, Made][])('passes with %s', async (_, made) => {
    expect(await verdict(mint(made))).toBe('let through');
  });

  it.each([
    ['typ JWT', { header: { typ: 'JWT' } }, 'token_type'],
    ['no typ', { header: { typ: undefined } }, 'token_type'],
    ['another issuer', { claims: { iss: 'https://issuer.test/' } }, 'token_issuer'],
    ['another audience', { claims: { aud: 'https://other.test' } }, 'token_audience'],
    ['a list of audiences', { claims: { aud: [audience, 'https://other.test'] } }, 'token_audience'],
    ['no audience', { claims: { aud: undefined } }, 'token_audience'],
    ['exp now: no leeway (R11)', { claims: { exp: seconds } }, 'token_expired'],
    ['exp past', { claims: { exp: seconds - 60 } }, 'token_expired'],
    ['no exp', { claims: { exp: undefined } }, 'token_claims'],
    ['no iat', { claims: { iat: undefined } }, 'token_claims'],
    ['iat 6 s ahead (R11)', { claims: { iat: seconds + 6 } }, 'token_not_yet_valid'],
    ['nbf 6 s ahead (R11)', { claims: { nbf: seconds + 6 } }, 'token_not_yet_valid'],
    ['no jti', { claims: { jti: undefined } }, 'token_claims'],
    ['no client_id', { claims: { client_id: undefined } }, 'token_claims'],
    ['no partner_id', { claims: { partner_id: undefined } }, 'token_claims'],
    ['an empty partner_id', { claims: { partner_id: '' } }, 'token_claims'],
    ['a scope that is a list', { claims: { scope: ['a'] } }, 'token_claims'],
    ['no cnf (R5)', { claims: { cnf: undefined } }, 'confirmation_missing'],
    ['two confirmations (R5)', { claims: { cnf: { ...cnf, jkt: 'x' } } }, 'confirmation_unknown'],
    ['an unknown kid', { header: { kid: 'k2' } }, 'token_key_unknown'],
    ['no kid: the distrust of its key would pass it by', { header: { kid: undefined } }, 'token_key_unknown'],
    ['crit', { header: { crit: ['exp'], exp: 1 } }, 'token_malformed'],
  ] satisfies [string, Made, string][])('is refused with %s', async (_, made: Made, check) => {
    const result = made.header && 'crit' in made.header ? forgeHeader(made.header) : mint(made);
    expect(await verdict(result)).toBe(`invalid_token ${check}`);
  });

  it("is refused with a stranger's signature", async () => {
    expect(await verdict(mint({ key: strangersKey }))).toBe('invalid_token token_signature');
  });

  it('R4: is refused when signed with the key that its own header brings along', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const header = { jwk: await exportJWK(pair.publicKey) };
    expect(await verdict(mint({ header, key: pair.privateKey }))).toBe('invalid_token token_signature');
  });

  it('R4: passes when another kind of key has the same kid', async () => {
    const rsa = {
      ...(await exportJWK((await generateKeyPair('PS256')).publicKey)),
      kid: 'k1',
      alg: 'PS256',
      use: 'sig',
    };
    const pair = await generateKeyPair('ES256');
    const ec = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
    const keys = createLocalJWKSet({ keys: [rsa, ec, { ...ec, alg: 'ECDH-ES', use: 'enc' }] });
    expect(await verdict(mint({ key: pair.privateKey }), { ...rules, keys })).toBe('let through');
  });

  it('is refused with claims changed after signing', async () => {
    const [header, , signature] = (await mint()).split('.');
    const claims = Buffer.from(JSON.stringify({ ...good, scope: 'a b admin' })).toString('base64url');
    expect(await verdict(`${header}.${claims}.${signature}`)).toBe('invalid_token token_signature');
  });

  it.each([
    ['alg none', () => new UnsecuredJWT(good).encode()],
    [
      'HS256 under the public key',
      () =>
        new SignJWT(good)
          .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })
          .sign(new TextEncoder().encode('k'.repeat(32))),
    ],
  ])('is refused with %s (A19)', async (_, make) => {
    expect(await verdict(make())).toMatch(/^invalid_token token_(algorithm|malformed)$/);
  });

  it('is refused with RS256, even when the issuer publishes such a key (A19)', async () => {
    const pair = await generateKeyPair('RS256');
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1' }] });
    const token = new SignJWT(good)
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k1' })
      .sign(pair.privateKey);
    expect(await verdict(token, { ...rules, keys })).toBe('invalid_token token_algorithm');
  });

  it.each(['PS256', 'EdDSA'])('passes with %s (A19)', async (alg) => {
    const pair = await generateKeyPair(alg);
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg, use: 'sig' }] });
    const token = new SignJWT(good).setProtectedHeader({ alg, typ: 'at+jwt', kid: 'k1' }).sign(pair.privateKey);
    expect(await verdict(token, { ...rules, keys })).toBe('let through');
  });

  it.each(['', 'x', 'a.b', 'a.b.c', 'a.b.c.d.e', '....'])('is refused when it is no JWT: %j', async (text) => {
    expect(await verdict(text)).toMatch(/^invalid_token /);
  });
});

describe('R9: the keys cannot be had', () => {
  const unreachable = (): VerificationRules => ({
    ...rules,
    keys: () => Promise.reject(new TypeError('fetch failed')),
  });

  it('a token that might have passed is told to come again', async () => {
    expect(await verdict(mint(), unreachable())).toBe('unavailable keys_unavailable');
  });

  it.each([
    ['expired', { claims: { exp: seconds - 1 } }, 'token_expired'],
    ['for another audience', { claims: { aud: 'https://other.test' } }, 'token_audience'],
    ['from another issuer', { claims: { iss: 'https://other.test' } }, 'token_issuer'],
    ['unbound', { claims: { cnf: undefined } }, 'confirmation_missing'],
    ['of another type', { header: { typ: 'JWT' } }, 'token_type'],
    ['not valid yet', { claims: { nbf: seconds + 6 } }, 'token_not_yet_valid'],
    ['issued in the future', { claims: { iat: seconds + 6 } }, 'token_not_yet_valid'],
    ['signed by it does not say which key', { header: { kid: undefined } }, 'token_key_unknown'],
    ['of nobody', { claims: { client_id: undefined } }, 'token_claims'],
  ] satisfies [string, Made, string][])('one that is %s gets its 401 first', async (_, made, check) => {
    expect(await verdict(mint(made), unreachable())).toBe(`invalid_token ${check}`);
  });

  it('one with a critical extension gets its 401 first', async () => {
    expect(await verdict(forgeHeader({ crit: ['exp'], exp: 1 }), unreachable())).toBe('invalid_token token_malformed');
  });

  it('what the caller demands of a token is judged first, on what it claims, and never lets it through', async () => {
    const judged: string[] = [];
    const seen = async (further: (token: BoundToken) => void): Promise<unknown> => {
      try {
        return await verifyBoundToken(await mint(), unreachable(), now, further);
      } catch (error) {
        return error;
      }
    };
    const refusal = new RefusedError('insufficient_scope', 'scope_missing', 'private');
    const refuse = (): never => {
      throw refusal;
    };
    expect(await seen(refuse)).toBe(refusal);
    expect(await seen(({ clientId }) => void judged.push(clientId))).toMatchObject({ check: 'keys_unavailable' });
    expect(judged).toEqual(['cli_1']);
  });
});

/** jose refuses to sign some headers; an attacker does not. */
async function forgeHeader(header: Record<string, unknown>): Promise<string> {
  const [, payload, signature] = (await mint()).split('.');
  const forged = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })).toString(
    'base64url',
  );
  return `${forged}.${payload}.${signature}`;
}
