import { describe, expect, it } from 'vitest';
import type { VerifiedToken } from '../protocol/bound-token.js';
import { VerifiedTokens } from './verified-tokens.js';

const now = new Date('2026-06-01T12:00:00Z');
const after = (ms: number) => new Date(now.getTime() + ms);

function tokenUntil(expiresAt: Date): VerifiedToken {
  return { expiresAt } as VerifiedToken;
}

function cacheOf(max: number, ...texts: string[]): VerifiedTokens {
  const cache = new VerifiedTokens(max);
  cache.find('', 0, now); // as a guard does before it verifies
  for (const text of texts) cache.remember(text, tokenUntil(after(300_000)), 0, now);
  return cache;
}

const held = (cache: VerifiedTokens, texts: string, at = now) =>
  [...texts].filter((text) => cache.find(text, 0, at)).join('');

describe('tokens that were verified before', () => {
  it('are known by their whole text', () => {
    const token = tokenUntil(after(1_000));
    const cache = cacheOf(10);
    cache.remember('head.body.signature', token, 0, now);
    expect(cache.find('head.body.signature', 0, now)).toBe(token);
    for (const other of ['head.body.signaturE', 'head.body', 'head.body.signature=', ' head.body.signature', '']) {
      expect(cache.find(other, 0, now)).toBeUndefined();
    }
  });

  it('R11: answer until they expire, to the millisecond, and are gone then', () => {
    const cache = cacheOf(10);
    cache.remember('a', tokenUntil(after(1_000)), 0, now);
    expect(cache.find('a', 0, after(999))).toBeDefined();
    expect(cache.find('a', 0, after(1_000))).toBeUndefined();
    expect(cache.size).toBe(0);
    expect(cache.find('a', 0, now)).toBeUndefined(); // nor when the clock is set back
  });

  it('answer no longer than they are trusted without being asked about again', () => {
    const cache = cacheOf(10);
    cache.remember('a', tokenUntil(after(9_000)), 0, now, after(5_000));
    cache.remember('b', tokenUntil(after(3_000)), 0, now, after(5_000));
    expect(held(cache, 'ab', after(2_999))).toBe('ab');
    expect(held(cache, 'ab', after(4_999))).toBe('a');
    expect(held(cache, 'ab', after(5_000))).toBe('');
  });

  it.each([
    ['has expired', tokenUntil(now)],
    ['ends on no date', tokenUntil(new Date(NaN))],
  ])('are not remembered when one %s', (_, token) => {
    const cache = cacheOf(10);
    cache.remember('a', token, 0, now);
    expect(cache.size).toBe(0);
  });

  it('R2, A29: are forgotten, all of them, when a key was distrusted', () => {
    const cache = cacheOf(10, 'a', 'b');
    expect(cache.find('a', 1, now)).toBeUndefined();
    expect(cache.size).toBe(0);
    expect(cache.find('b', 0, now)).toBeUndefined();
  });

  it('R2, A29: are not remembered when a key was distrusted while they were verified', () => {
    const cache = cacheOf(10);
    cache.find('other', 1, now);
    cache.remember('a', tokenUntil(after(1_000)), 0, now);
    expect(cache.size).toBe(0);
  });

  it('are none with a maximum of 0', () => {
    expect(cacheOf(0, 'a').size).toBe(0);
  });
});

describe('the bound', () => {
  it.each([1, 2, 7, 100])('of %i is never exceeded', (max) => {
    const cache = cacheOf(max);
    for (let at = 0; at < 1_000; at += 1) {
      cache.find(String(at % 13), 0, now);
      cache.remember(String(at), tokenUntil(after(300_000)), 0, now);
      expect(cache.size).toBeLessThanOrEqual(max);
    }
    expect(cache.size).toBe(max);
    expect(cache.find('999', 0, now)).toBeDefined();
  });

  it('makes room with what was not used', () => {
    const cache = cacheOf(4, 'a', 'b', 'c', 'd');
    expect(held(cache, 'ac')).toBe('ac');
    for (const text of 'ef') cache.remember(text, tokenUntil(after(1_000)), 0, now);
    expect(held(cache, 'abcdef')).toBe('acef');
  });

  it('gives what was used one more turn, and no more', () => {
    const cache = cacheOf(2, 'a', 'b');
    held(cache, 'ab');
    cache.remember('c', tokenUntil(after(1_000)), 0, now);
    expect(cache.size).toBe(2);
    expect(cache.find('c', 0, now)).toBeDefined();
  });

  it('counts a token that two requests verified at once as one', () => {
    expect(cacheOf(3, 'a', 'a', 'b', 'b').size).toBe(2);
  });

  it('does not keep expired tokens until it is full', () => {
    const cache = cacheOf(1_000);
    for (let at = 0; at < 100; at += 1) cache.remember(`old${at}`, tokenUntil(after(1_000)), 0, now);
    for (let at = 0; at < 100; at += 1) cache.remember(`new${at}`, tokenUntil(after(9_000)), 0, after(2_000));
    expect(cache.size).toBeLessThanOrEqual(110);
  });
});
