import { expect, it } from 'vitest';
import { differenceOf } from './difference.js';

it('of two objects are the members that differ, however deep', () => {
  const before = { id: 'a', labels: { x: 1, y: [1] }, version: 1, gone: true };
  const after = { id: 'a', labels: { y: [2], x: 1 }, version: 2, come: null };
  expect(differenceOf(before, after)).toEqual({
    before: { labels: { x: 1, y: [1] }, version: 1, gone: true },
    after: { labels: { y: [2], x: 1 }, version: 2, come: null },
  });
  expect(differenceOf({ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } })).toEqual({ before: {}, after: {} });
});

it('of something new, and of something gone, is the whole', () => {
  expect(differenceOf(undefined, { id: 'a' })).toEqual({ before: undefined, after: { id: 'a' } });
  expect(differenceOf({ id: 'a' }, undefined)).toEqual({ before: { id: 'a' }, after: undefined });
});
