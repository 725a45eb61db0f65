const GROUPS = 8;

/** The first groups of an IPv6 address, each without leading zeros: `2001:db8:0` of three. */
export function ipv6Network(address: string, groups: number): string {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array<string>(Math.max(0, GROUPS - before.length - after.length)).fill('0');
  const all = [...before, ...zeros, ...after].slice(0, groups);
  return all.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

/** An IPv4 address that the socket wrote as an IPv6 one, as itself. */
export function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
