import { describe, expect, it } from 'vitest';
import { newTokenId } from './token-id.js';

describe('the id of a token', () => {
  const ids = Array.from({ length: 10_000 }, newTokenId);

  it('A18: has 160 bits', () => {
    for (const id of ids) expect(Buffer.from(id, 'base64url')).toHaveLength(20);
  });

  it('A18: comes once, however many are made', () => {
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('A18: every one of its bytes is random', () => {
    for (let place = 0; place < 20; place += 1) {
      expect(new Set(ids.map((id) => Buffer.from(id, 'base64url')[place])).size).toBe(256);
    }
  });
});
