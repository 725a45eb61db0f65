import { isIPv4, isIPv6 } from 'node:net';
import { ipv6Network, withoutMapping } from './ipv6-network.js';

/**
 * What attempts of strangers are counted under: the /24 of an IPv4 address, the /48 of an IPv6 address. Nothing smaller is
 * routed on the Internet, so nobody gets more ranges without getting more networks; and it still says whom to ask.
 * @param address as the socket says it; undefined when the caller is already gone
 */
export function addressRange(address: string | undefined): string {
  const plain = withoutMapping(address ?? '');
  if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
  return isIPv6(plain) ? `${ipv6Network(plain, 3)}::/48` : 'unknown';
}
