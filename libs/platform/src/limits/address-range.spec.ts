import { expect, it } from 'vitest';
import { addressRange } from './address-range.js';

it.each([
  ['192.0.2.1', '192.0.2.0/24'],
  ['192.0.2.255', '192.0.2.0/24'],
  ['::ffff:192.0.2.1', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
  ['2001:db8:1:9::9', '2001:db8:1::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['::1', '0:0:0::/48'],
  ['not an address', 'unknown'],
  [undefined, 'unknown'],
])('A34: %s is counted under %s', (address, range) => {
  expect(addressRange(address)).toBe(range);
});
