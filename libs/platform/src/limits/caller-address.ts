import { isIPv6 } from 'node:net';
import { ipv6Network, withoutMapping } from './ipv6-network.js';

/**
 * What an address is limited under: an IPv4 address itself, and the /64 of an IPv6 address, which is what one customer
 * gets: within it an address costs nothing.
 * @param address as the socket says it; undefined when the caller is already gone
 */
export function callerAddress(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  if (!address.includes(':')) return address;
  const plain = withoutMapping(address);
  return isIPv6(plain) ? `${ipv6Network(plain, 4)}::/64` : plain;
}
