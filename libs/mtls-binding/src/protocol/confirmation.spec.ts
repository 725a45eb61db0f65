import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { assertBound, confirmationFrom, confirmationOf } from './confirmation.js';
import type { RefusedError } from './errors.js';

const thumbprint = () => createHash('sha256').update(randomBytes(8)).digest('base64url');
const checkOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as RefusedError).check;
  }
  return 'let through';
};

describe('A16: cnf is written', () => {
  it('as x5t#S256 with the thumbprint', () => {
    const of = thumbprint();
    expect(confirmationOf(of)).toEqual({ 'x5t#S256': of });
  });

  it.each(['', 'abc', `${'a'.repeat(43)}=`, 'A'.repeat(44), 'é'.repeat(43)])(
    'never from %j, which is no SHA-256 thumbprint',
    (bad) => {
      expect(() => confirmationOf(bad)).toThrow(TypeError);
    },
  );
});

describe('R5: cnf is read', () => {
  it('when it is exactly one x5t#S256', () => {
    const of = thumbprint();
    expect(confirmationFrom({ 'x5t#S256': of })).toEqual({ 'x5t#S256': of });
  });

  it.each([
    ['none', undefined, 'confirmation_missing'],
    ['null', null, 'confirmation_missing'],
    ['text', 'x5t#S256', 'confirmation_missing'],
    ['a list', [{ 'x5t#S256': thumbprint() }], 'confirmation_missing'],
    ['an empty object', {}, 'confirmation_unknown'],
    ['another method', { jkt: thumbprint() }, 'confirmation_unknown'],
    ['two methods', { 'x5t#S256': thumbprint(), jkt: thumbprint() }, 'confirmation_unknown'],
    ['a number', { 'x5t#S256': 1 }, 'confirmation_unknown'],
    ['padding', { 'x5t#S256': `${thumbprint()}=` }, 'confirmation_unknown'],
    ['hexadecimal', { 'x5t#S256': createHash('sha256').digest('hex') }, 'confirmation_unknown'],
  ])('and refused with %s', (_, claim, check) => {
    expect(checkOf(() => confirmationFrom(claim))).toBe(check);
  });
});

describe('R5: possession', () => {
  const bound = thumbprint();

  it('passes with the certificate the token is bound to', () => {
    expect(() => assertBound(confirmationOf(bound), bound)).not.toThrow();
  });

  it('refuses another certificate', () => {
    expect(checkOf(() => assertBound(confirmationOf(bound), thumbprint()))).toBe('certificate_mismatch');
  });

  it('refuses no certificate', () => {
    expect(checkOf(() => assertBound(confirmationOf(bound), undefined))).toBe('certificate_missing');
  });

  it('refuses texts that are no thumbprints, however equal: two sources that read nothing do not agree', () => {
    for (const text of ['', 'x', `${bound}=`]) {
      expect(checkOf(() => assertBound({ 'x5t#S256': text }, text))).toBe('certificate_mismatch');
    }
  });

  it('refuses another spelling of the same bytes, so that one certificate has one name', () => {
    const last = bound.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = bound.slice(0, -1) + alphabet[alphabet.indexOf(last) + 1]!;
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(bound, 'base64url'));
    expect(checkOf(() => assertBound(confirmationOf(bound), twin))).toBe('certificate_mismatch');
  });
});
