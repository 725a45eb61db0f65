/** DER elements written by hand, so that names and extensions can also be wrong in exactly one place. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One DER element: `tag` is the whole identifier octet, content parts are joined. */
export function element(identifier: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([identifier]), lengthOctets(body.length), body]);
}

/** A SET OF in DER: its members are sorted by their encoding (X.690 11.6). */
export function setOf(members: Buffer[]): Buffer {
  return element(tag.set, ...members.toSorted(Buffer.compare));
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(tag.objectIdentifier, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

/** An INTEGER of hex digits, never negative. */
export function integer(hex: string, identifier: number = tag.integer): Buffer {
  const digits = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return element(identifier, digits[0]! >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), digits);
}

/** A BIT STRING of whole octets. */
export function bitString(content: Uint8Array): Buffer {
  return element(tag.bitString, Buffer.of(0), content);
}

/** A BIT STRING with these bits set and none behind the last of them (X.690 11.2.2). */
export function namedBits(positions: number[]): Buffer {
  if (positions.length === 0) return bitString(Buffer.alloc(0));
  const last = Math.max(...positions);
  const octets = Buffer.alloc((last >> 3) + 1);
  for (const position of positions) octets[position >> 3]! |= 0x80 >> (position & 7);
  return element(tag.bitString, Buffer.of(7 - (last & 7)), octets);
}

/** RFC 5280 4.1.2.5: UTCTime up to 2049, GeneralizedTime after; fractions of a second are cut off. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\..*$|[^0-9]/g, '');
  const [identifier, text] = digits < '2050' ? [tag.utcTime, digits.slice(2)] : [tag.generalizedTime, digits];
  return element(identifier, Buffer.from(`${text}Z`));
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | octets.length]), octets]);
}

function base128(value: number): number[] {
  const octets = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(0x80 | (rest % 128));
  return octets;
}
