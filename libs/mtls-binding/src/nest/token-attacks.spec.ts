import { createPublicKey, createSign } from 'node:crypto';
import { Catch, type ArgumentsHost, type INestApplication } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { exportJWK, exportPKCS8, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmationOf, RefusedError, type RefusalCheck } from '../index.js';
import { startJwksServer, type JwksServer } from '../protocol/jwks-server.testing.js';
import { AUDIENCE, bearer, GuardStage } from './guard-stage.testing.js';
import { ADAPTERS } from './guarded-app.testing.js';

let stage: GuardStage;
/** the attacker's key set, and who asked for it */
let lure: JwksServer;
let own: { privateKey: CryptoKey; jwk: JWK };
let issuerJwk: JWK;
let good: string;

beforeAll(async () => {
  stage = await GuardStage.create();
  const pair = await generateKeyPair('ES256', { extractable: true });
  own = { privateKey: pair.privateKey, jwk: { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' } };
  lure = await startJwksServer(stage.server, [own.jwk]);
  const { x, y } = await exportJWK(stage.signingKey);
  issuerJwk = { kty: 'EC', crv: 'P-256', x: x!, y: y! };
  good = await stage.tokenFor(stage.alice);
});

afterAll(async () => {
  await lure.close();
  await stage.close();
});

const encoded = (part: unknown) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
const header = (parts: object) => encoded({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...parts });
const signatureOf = (token: string) => token.split('.')[2]!;
const seconds = () => Math.floor(Date.now() / 1000);

/** The good token's claims and signature under another header: what an attacker can make without any key. */
const under = (parts: object, signature = signatureOf(good)) => `${header(parts)}.${good.split('.')[1]}.${signature}`;
/** Signed with the attacker's own key. */
const ownSigned = (parts: Record<string, unknown>) =>
  stage.tokenFor(stage.alice, {}, { header: parts, key: own.privateKey });
/** Signed by the issuer: its key serves other purposes too, or its client asked for something odd. */
const said = (claims: Record<string, unknown>) => stage.tokenFor(stage.alice, claims);
const withSignature = (change: (signature: string) => string) => {
  const [head, body, signature] = good.split('.');
  return `${head}.${body}.${change(signature!)}`;
};
const hmacUnder = (secret: string | Uint8Array) =>
  stage.tokenFor(
    stage.alice,
    {},
    { header: { alg: 'HS256' }, key: typeof secret === 'string' ? new TextEncoder().encode(secret) : secret },
  );

/** Signed with the issuer's own key, though jose would not write such a header. */
async function issuerSigned(parts: object, body = good.split('.')[1]!): Promise<string> {
  const input = `${header(parts)}.${body}`;
  const key = { key: await exportPKCS8(stage.signingKey), dsaEncoding: 'ieee-p1363' as const };
  return `${input}.${createSign('sha256').update(input).sign(key).toString('base64url')}`;
}

type Attack = [name: string, forge: () => string | Promise<string>, check: RefusalCheck];

const ALGORITHMS: Attack[] = [
  ['alg none', () => under({ alg: 'none' }, ''), 'token_algorithm'],
  ['alg none and a signature', () => under({ alg: 'none' }), 'token_algorithm'],
  ['alg None', () => under({ alg: 'None' }, ''), 'token_algorithm'],
  ['alg nOnE', () => under({ alg: 'nOnE' }, ''), 'token_algorithm'],
  ['no alg', () => under({ alg: undefined }), 'token_malformed'],
  ['an alg that is a list', () => under({ alg: ['ES256'] }), 'token_malformed'],
  ['HS256 under the public key, as PEM', () => hmacUnder(publicPem()), 'token_algorithm'],
  ['HS256 under the public key, as DER', () => hmacUnder(publicDer()), 'token_algorithm'],
  ['HS256 under the public key, as JWK', () => hmacUnder(JSON.stringify(issuerJwk)), 'token_algorithm'],
  ['HS256 under the key id', () => hmacUnder('k1'.repeat(16)), 'token_algorithm'],
  ['RS256', () => under({ alg: 'RS256' }), 'token_algorithm'],
  ['ES384 with the key of ES256', () => under({ alg: 'ES384' }), 'token_algorithm'],
  ['PS256 with the key of ES256', () => under({ alg: 'PS256' }), 'token_key_unknown'],
  ['EdDSA with the key of ES256', () => under({ alg: 'EdDSA' }), 'token_key_unknown'],
];

const KEYS: Attack[] = [
  ["a stranger's key", () => ownSigned({}), 'token_signature'],
  ['an embedded jwk', () => ownSigned({ jwk: own.jwk }), 'token_signature'],
  ['an embedded jwk and no kid', () => ownSigned({ jwk: own.jwk, kid: undefined }), 'token_signature'],
  ['a jku', () => ownSigned({ jku: lure.uri }), 'token_signature'],
  ['an x5u', () => ownSigned({ x5u: lure.uri }), 'token_signature'],
  ['an x5c', () => ownSigned({ x5c: [stage.mallory.der.toString('base64')] }), 'token_signature'],
  ['a kid that is a path', () => ownSigned({ kid: '../../../../dev/null' }), 'token_key_unknown'],
  ['a kid that is a URL', () => ownSigned({ kid: lure.uri }), 'token_key_unknown'],
  ['a kid that is SQL', () => ownSigned({ kid: "k1' OR '1'='1" }), 'token_key_unknown'],
  ['a kid that is a prototype', () => ownSigned({ kid: '__proto__' }), 'token_key_unknown'],
  ['a kid of 4,000 characters', () => ownSigned({ kid: 'k'.repeat(4_000) }), 'token_key_unknown'],
  ['a kid that is a list', () => ownSigned({ kid: ['k1'] }), 'token_key_unknown'],
  ['a kid with another case', () => ownSigned({ kid: 'K1' }), 'token_key_unknown'],
];

const HEADERS: Attack[] = [
  ['typ JWT', () => issuerSigned({ typ: 'JWT' }), 'token_type'],
  ['no typ', () => issuerSigned({ typ: undefined }), 'token_type'],
  ['typ of another kind of token', () => issuerSigned({ typ: 'secevent+jwt' }), 'token_type'],
  ['typ with a parameter', () => issuerSigned({ typ: 'at+jwt; charset=utf-8' }), 'token_type'],
  ['crit', () => issuerSigned({ crit: ['exp'], exp: 1 }), 'token_malformed'],
  ['crit that is empty', () => issuerSigned({ crit: [] }), 'token_malformed'],
  ['b64 false', () => issuerSigned({ crit: ['b64'], b64: false }), 'token_malformed'],
  ['b64 false, unencoded claims', () => issuerSigned({ crit: ['b64'], b64: false }, 'claims'), 'token_malformed'],
];

const SIGNATURES: Attack[] = [
  ['no signature', () => withSignature(() => ''), 'token_signature'],
  ['a padded signature', () => withSignature((signature) => `${signature}==`), 'token_malformed'],
  ['a signature and a bit', () => withSignature((signature) => `${signature}A`), 'token_signature'],
  ['a signature cut short', () => withSignature((signature) => signature.slice(0, -6)), 'token_signature'],
  ['its first character altered', () => withSignature(altered(0)), 'token_signature'],
  ['its last character altered in unused bits', () => withSignature(lastBits), 'token_malformed'],
  ['a signature of zeros', () => withSignature(() => encoded('\0'.repeat(64))), 'token_signature'],
  ['a signature in the other alphabet', () => withSignature(() => '+/'.repeat(43)), 'token_malformed'],
  ['the signature of another token', async () => withOtherSignature(), 'token_signature'],
  ['claims changed after signing', () => withClaims({ scope: 'things:read admin' }), 'token_signature'],
  ['two tokens in one', () => `${good}.${good}`, 'token_malformed'],
  ['a JWE', () => `${header({ alg: 'dir', enc: 'A256GCM' })}..a.b.c`, 'token_malformed'],
  ['no JSON in it', () => `${encoded('x')}.${encoded('y')}.${signatureOf(good)}`, 'token_malformed'],
];

const CLAIMS: Attack[] = [
  ['no cnf', () => said({ cnf: undefined }), 'confirmation_missing'],
  ['cnf null', () => said({ cnf: null }), 'confirmation_missing'],
  ['an empty cnf', () => said({ cnf: {} }), 'confirmation_unknown'],
  ['two confirmations', () => said({ cnf: { ...bound(), jkt: 'x' } }), 'confirmation_unknown'],
  ['a confirmation we do not know', () => said({ cnf: { jkt: 'x' } }), 'confirmation_unknown'],
  ['a padded thumbprint', () => said({ cnf: { 'x5t#S256': `${stage.alice.thumbprint}=` } }), 'confirmation_unknown'],
  ['a list of thumbprints', () => said({ cnf: { 'x5t#S256': [stage.alice.thumbprint] } }), 'confirmation_unknown'],
  ['the SHA-1 thumbprint', () => said({ cnf: { x5t: 'x' } }), 'confirmation_unknown'],
  ["another's confirmation", () => said({ cnf: confirmationOf(stage.mallory.thumbprint) }), 'certificate_mismatch'],
  ['another aud', () => said({ aud: 'https://other.test' }), 'token_audience'],
  ['a list of aud', () => said({ aud: [AUDIENCE, 'https://other.test'] }), 'token_audience'],
  ['an aud that begins like ours', () => said({ aud: `${AUDIENCE}.thief.test` }), 'token_audience'],
  ['another iss', () => said({ iss: 'https://issuer.test/' }), 'token_issuer'],
  ['a future nbf', () => said({ nbf: seconds() + 60 }), 'token_not_yet_valid'],
  ['a future iat', () => said({ iat: seconds() + 60 }), 'token_not_yet_valid'],
  ['a past exp', () => said({ exp: seconds() - 1 }), 'token_expired'],
  ['no exp', () => said({ exp: undefined }), 'token_claims'],
  ['an exp that is a text', () => said({ exp: String(seconds() + 60) }), 'token_claims'],
  ['no jti', () => said({ jti: undefined }), 'token_claims'],
  ['no client_id', () => said({ client_id: undefined }), 'token_claims'],
  ['no partner_id', () => said({ partner_id: undefined }), 'token_claims'],
  ['a partner_id that is a list', () => said({ partner_id: ['ptn_1'] }), 'token_claims'],
  ['scopes that are a list', () => said({ scope: ['things:read'] }), 'token_claims'],
  ['a huge text', () => said({ padding: 'x'.repeat(8_000) }), 'token_too_long'],
];

function publicDer(): Buffer {
  return createPublicKey({ key: issuerJwk as never, format: 'jwk' }).export({ type: 'spki', format: 'der' });
}

function publicPem(): string {
  return createPublicKey({ key: issuerJwk as never, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString();
}

function bound() {
  return confirmationOf(stage.alice.thumbprint);
}

function altered(at: number) {
  return (text: string) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

// 64 bytes in 86 characters: the last one carries two bits, and four that decoders pass over.
function lastBits(signature: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1)!) ^ 1]!;
}

async function withOtherSignature(): Promise<string> {
  const other = await stage.tokenFor(stage.alice, { jti: 'another' });
  return withSignature(() => signatureOf(other));
}

function withClaims(claims: object): string {
  const [head, body, signature] = good.split('.');
  const before = JSON.parse(Buffer.from(body!, 'base64url').toString()) as object;
  return `${head}.${encoded({ ...before, ...claims })}.${signature}`;
}

describe.each(ADAPTERS)('on %s', (adapter) => {
  /** why the guard refused, as the operator's log has it */
  const checks: RefusalCheck[] = [];
  let port: number;

  @Catch()
  class Recording extends BaseExceptionFilter {
    override catch(exception: Error, host: ArgumentsHost): void {
      if (exception.cause instanceof RefusedError) checks.push(exception.cause.check);
      super.catch(exception, host);
    }
  }

  beforeAll(async () => {
    const recorded = (app: INestApplication) => void app.useGlobalFilters(new Recording(app.getHttpAdapter()));
    port = await stage.start(stage.options(), adapter, recorded);
    // known from here on: no forgery may profit from what was verified before
    expect((await stage.get(port, '/closed', stage.alice, bearer(good))).status).toBe(200);
  });

  describe.each([
    ['R3: algorithms', ALGORITHMS],
    ['R4: keys', KEYS],
    ['R3: headers', HEADERS],
    ['R2: signatures', SIGNATURES],
    ['R2, R5, R10, R11: claims', CLAIMS],
  ])('%s', (_rules, attacks) =>
    it.each(attacks)('a token with %s is refused: 401 invalid_token', async (_, forge, check) => {
      checks.length = 0;
      const answer = await stage.get(port, '/closed', stage.alice, bearer(await forge()));
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
      expect(answer.challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"\\]+"$/);
      expect(checks).toEqual([check]);
    }),
  );

  it.each([
    ['Basic credentials', { authorization: 'Basic YTpi' }, 401, 'unauthorized'],
    ['an empty token', { authorization: 'Bearer ' }, 400, 'invalid_request'],
    ['two tokens', { authorization: 'Bearer a.b.c d.e.f' }, 400, 'invalid_request'],
    ['a list of tokens', { authorization: 'Bearer a.b.c, Bearer d.e.f' }, 400, 'invalid_request'],
    ['a token with a zero width space', { authorization: 'Bearer a.b\u00ad.c' }, 400, 'invalid_request'],
    ['two Authorization headers', { authorization: ['Bearer a.b.c', 'Basic YTpi'] }, 400, 'invalid_request'],
  ] as const)('R1: %s: %o is %i %s', async (_, headers, status, code) => {
    const sent = Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]);
    const answer = await stage.get(port, '/closed', stage.alice, Object.fromEntries(sent) as Record<string, string>);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('a token of 20,000 characters does not reach the guard: 431', async () => {
    expect((await stage.get(port, '/closed', stage.alice, bearer('x'.repeat(20_000)))).status).toBe(431);
  });

  it('R4: nobody asked where a token said to ask', () => {
    expect(lure.asked).toBe(0);
  });

  it('the good token still gets in after all that', async () => {
    expect((await stage.get(port, '/closed', stage.alice, bearer(good))).status).toBe(200);
  });
});
