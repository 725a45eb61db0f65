import { BlockList, isIP, type Socket } from 'node:net';
import type { AuthenticatedHop } from './authenticated-hop.js';

const BITS = { 4: 32, 6: 128 } as const;

/** The connection comes from this machine. */
export function loopbackHop(): AuthenticatedHop {
  return addressHop(['127.0.0.0/8', '::1/128']);
}

/**
 * The connection comes from one of these ranges. The address is the socket's, never what `X-Forwarded-For` says.
 * @param ranges CIDR; a range of everybody is none
 * @throws TypeError naming the range that is none
 */
export function addressHop(ranges: readonly string[]): AuthenticatedHop {
  if (ranges.length === 0) throw new TypeError('trustedProxy() needs at least one range of addresses');
  const list = new BlockList();
  for (const range of ranges) add(list, range);
  return ({ remoteAddress }: Socket) => {
    if (remoteAddress === undefined) return false; // a Unix socket, or already cut
    const address = withoutMapping(remoteAddress);
    return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  };
}

// A listener on `::` sees a peer of 10.0.0.1 as ::ffff:10.0.0.1.
function withoutMapping(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return mapped ?? address;
}

function add(list: BlockList, range: string): void {
  const [, network = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(range) ?? [];
  const family = isIP(network);
  const prefix = Number(digits);
  if ((family !== 4 && family !== 6) || prefix < 1 || prefix > BITS[family]) {
    throw new TypeError(`trustedProxy() needs ranges such as 10.0.7.0/24, not ${JSON.stringify(range)}`);
  }
  list.addSubnet(network, prefix, family === 4 ? 'ipv4' : 'ipv6');
}
