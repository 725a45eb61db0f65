import { describe, expect, it } from 'vitest';
import { pageOf, pageQuery, pageRequest } from './page.js';

const rows = ['1', '2', '3'].map((digit) => ({ id: `0198c2f0-1111-7222-8333-00000000000${digit}` }));

describe('pages', () => {
  it('end when there is no row beyond them', () => {
    expect(pageOf(rows, { limit: 3, after: undefined })).toEqual({ items: rows, next_cursor: null });
    expect(pageOf([], { limit: 3, after: undefined })).toEqual({ items: [], next_cursor: null });
  });

  it('hand out a cursor that leads to the row after the last one shown', () => {
    const page = pageOf(rows, { limit: 2, after: undefined });
    expect(page.items).toEqual(rows.slice(0, 2));
    const query = pageQuery.parse({ cursor: page.next_cursor });
    expect(pageRequest(query)).toEqual({ limit: 50, after: rows[1]!.id });
  });

  it.each(['0', '201', '-1', '1.5', '1e2', '', ' 5', '05'])('refuse the limit %j', (limit) => {
    expect(pageQuery.safeParse({ limit }).success).toBe(false);
  });

  it.each(['1', '99', '100', '200'])('accept the limit %s', (limit) => {
    expect(pageRequest(pageQuery.parse({ limit })).limit).toBe(Number(limit));
  });

  it.each([
    '',
    'x',
    Buffer.from('1:nonsense').toString('base64url'),
    Buffer.from(`2:${rows[0]!.id}`).toString('base64url'),
  ])('refuse the cursor %j', (cursor) => expect(pageQuery.safeParse({ cursor }).success).toBe(false));

  it('refuse parameters they do not know', () => {
    expect(pageQuery.safeParse({ offset: '3' }).success).toBe(false);
  });
});
