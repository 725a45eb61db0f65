import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { assertAdmissible, type PlainTokens } from './assert-admissible.js';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { RefusedError } from '../protocol/errors.js';

const now = new Date('2026-06-01T12:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);
const thumbprint = createHash('sha256').update('leaf').digest('base64url');
const another = createHash('sha256').update('another').digest('base64url');
const nothing = { assertNotRevoked: () => undefined };
const everything = {
  assertNotRevoked: () => {
    throw new RefusedError('invalid_token', 'token_revoked', 'revoked');
  },
};

function token(parts: Partial<VerifiedToken> = {}): VerifiedToken {
  return {
    partnerId: 'ptn_1',
    clientId: 'cli_1',
    scopes: [],
    jti: 'j',
    keyId: 'k1',
    claims: {},
    issuer: 'https://issuer.test',
    audience: 'https://api.test',
    issuedAt: now,
    expiresAt: after(300_000),
    confirmation: { 'x5t#S256': thumbprint },
    ...parts,
  };
}

interface Asked {
  presented?: string | undefined;
  revocations?: typeof nothing;
  plainTokens?: PlainTokens;
}

function verdict(parts: Partial<VerifiedToken>, asked: Asked = {}): string {
  const { presented, revocations, plainTokens } = { presented: thumbprint, revocations: nothing, ...asked };
  try {
    assertAdmissible(token(parts), presented, revocations, now, plainTokens);
    return 'let through';
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return `${error.code} ${error.check}`;
  }
}

describe('R2, R5, R11: whatever was verified before is held on every request to', () => {
  it.each([
    ['nothing it does not fulfil', {}, {}, 'let through'],
    ['its end, without leeway', { expiresAt: now }, {}, 'invalid_token token_expired'],
    ['its end, to the millisecond', { expiresAt: after(1) }, {}, 'let through'],
    ['an end that is a date', { expiresAt: new Date(NaN) }, {}, 'invalid_token token_expired'],
    ['its beginning', { notBefore: after(5_001) }, {}, 'invalid_token token_not_yet_valid'],
    ['its beginning, with the leeway', { notBefore: after(5_000) }, {}, 'let through'],
    ['its issue', { issuedAt: after(5_001) }, {}, 'invalid_token token_not_yet_valid'],
    ['the certificate', {}, { presented: another }, 'invalid_token certificate_mismatch'],
    ['there being a certificate', {}, { presented: undefined }, 'invalid_token certificate_missing'],
    ['there being a confirmation', { confirmation: undefined }, {}, 'invalid_token confirmation_missing'],
    ['the revocations', {}, { revocations: everything }, 'invalid_token token_revoked'],
  ] satisfies [string, Partial<VerifiedToken>, Asked, string][])('%s', (_, parts, asked, expected) => {
    expect(verdict(parts, asked)).toBe(expected);
  });
});

describe('R5: where plain tokens are let through', () => {
  const plainTokens = 'let_through';

  it.each([
    ['one without confirmation passes', { confirmation: undefined }, {}, 'let through'],
    ['with or without a certificate', { confirmation: undefined }, { presented: undefined }, 'let through'],
    ['unless it has expired', { confirmation: undefined, expiresAt: now }, {}, 'invalid_token token_expired'],
    ['or was revoked', { confirmation: undefined }, { revocations: everything }, 'invalid_token token_revoked'],
    ['a bound one needs its certificate', {}, { presented: another }, 'invalid_token certificate_mismatch'],
    ['and none will not do', {}, { presented: undefined }, 'invalid_token certificate_missing'],
  ] satisfies [string, Partial<VerifiedToken>, Asked, string][])('%s', (_, parts, asked, expected) => {
    expect(verdict(parts, { ...asked, plainTokens })).toBe(expected);
  });
});
