import { BlockList, isIP } from 'node:net';

/** IANA special-purpose address registries, as far as they are not reachable for everybody. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** All that is assigned to hosts; mapped, local, translated (NAT64) and multicast addresses lie outside. */
const GLOBAL_IPV6 = ['2000::/3'];
/** Within it: Teredo and other protocols, documentation, and 6to4, which carries an IPv4 address. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const NETWORK = /^([0-9A-Fa-f:.]+)\/(\d{1,3})$/;

/**
 * Where something may be fetched from whose address somebody else chose: the public Internet, and networks that were
 * named. // A21
 */
export class PermittedNetworks {
  readonly #named: BlockList;

  /**
   * @param networks further ones, `10.1.0.0/16` or `fd00::/8`
   * @throws RangeError when one is no network
   */
  constructor(networks: readonly string[] = []) {
    this.#named = listOf(networks);
  }

  permits(address: string): boolean {
    const version = isIP(address);
    if (version === 0 || address.includes('%')) return false;
    if (version === 4) return this.#named.check(address, 'ipv4') || !SPECIAL.ipv4.check(address, 'ipv4');
    if (this.#named.check(address, 'ipv6')) return true;
    return GLOBAL.check(address, 'ipv6') && !SPECIAL.ipv6.check(address, 'ipv6');
  }
}

export function isNetwork(text: string): boolean {
  const [, address = '', prefix = ''] = NETWORK.exec(text) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return prefix !== '' && Number(prefix) <= bits;
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    if (!isNetwork(network)) throw new RangeError(`not a network: ${network}`);
    const [address, prefix] = network.split('/') as [string, string];
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

const SPECIAL = { ipv4: listOf(SPECIAL_IPV4), ipv6: listOf(SPECIAL_IPV6) };
const GLOBAL = listOf(GLOBAL_IPV6);
