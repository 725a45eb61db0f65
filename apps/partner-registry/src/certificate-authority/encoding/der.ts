/** The little of DER (X.690) that names and a CRL number need; everything else is `@peculiar/x509`'s. */
export const tag = {
  integer: 0x02,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  sequence: 0x30,
  set: 0x31,
} as const;

export function element(identifier: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([identifier, ...lengthOctets(body.length)]), body]);
}

/** X.690 11.6: the elements of a SET OF stand in the order of their octets. */
export function setOf(members: readonly Buffer[]): Buffer {
  return element(tag.set, ...members.toSorted((a, b) => Buffer.compare(a, b)));
}

/** @param oid dotted; its second arc below 40 under 0 and 1 */
export function objectIdentifier(oid: string): Buffer {
  const [first = 0n, second = 0n, ...arcs] = oid.split('.').map(BigInt);
  return element(tag.objectIdentifier, ...[first * 40n + second, ...arcs].map(arcOctets));
}

/** Of a number that is not negative. */
export function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return element(tag.integer, octets[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), octets]) : octets);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 + octets.length, ...octets];
}

// seven bits each, the most significant first, all but the last marked
function arcOctets(arc: bigint): Buffer {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return Buffer.from(octets);
}
