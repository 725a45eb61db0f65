import { describe, expect, it } from 'vitest';
import { publicIdOf, uuidFrom } from './public-id.js';

const UUID = '019ab3c4-d5e6-7f80-9123-456789abcdef';

describe('public ids', () => {
  it('shows a uuid as prefix and 32 digits, and reads it back', () => {
    expect(publicIdOf('shp', UUID)).toBe('shp_019ab3c4d5e67f809123456789abcdef');
    expect(uuidFrom('shp', publicIdOf('shp', UUID))).toBe(UUID);
  });

  it.each([
    ['another prefix', 'ptn_019ab3c4d5e67f809123456789abcdef'],
    ['no prefix', '019ab3c4d5e67f809123456789abcdef'],
    ['dashes', `shp_${UUID}`],
    ['capital digits', 'shp_019AB3C4D5E67F809123456789ABCDEF'],
    ['a digit less', 'shp_019ab3c4d5e67f809123456789abcde'],
    ['a digit more', 'shp_019ab3c4d5e67f809123456789abcdef0'],
    ['a line end', 'shp_019ab3c4d5e67f809123456789abcdef\n'],
    ['nothing', ''],
  ])('does not accept %s', (_, text) => {
    expect(uuidFrom('shp', text)).toBeUndefined();
  });
});
