import { expectElement, malformed, tag, type DerElement } from './der-reader.js';

/** Longer ones do not exist; without a bound, one arc of many thousand octets costs seconds. */
const LONGEST_OBJECT_IDENTIFIER = 128;

/** The dotted form. Arcs may be wider than 53 bits (2.25.<uuid>). */
export function objectIdentifierOf(element: DerElement | undefined, identifier: number = tag.objectIdentifier): string {
  const { content } = expectElement(element, identifier);
  if (content.length === 0 || content.length > LONGEST_OBJECT_IDENTIFIER || content.at(-1)! >= 0x80) {
    throw malformed('an object identifier without an end, or too long', content);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let begins = true;
  for (const octet of content) {
    if (begins && octet === 0x80) throw malformed('an object identifier with padding', content);
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    begins = octet < 0x80;
    if (begins) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [first = 0n, ...rest] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join('.');
}

export function booleanOf(element: DerElement): boolean {
  const { content } = expectElement(element, tag.boolean);
  if (content.length !== 1 || (content[0] !== 0x00 && content[0] !== 0xff))
    throw malformed('a boolean of another value', content);
  return content[0] === 0xff;
}

/** Lower-case hex of the two's complement, without the octet that only carries the sign of a positive number. */
export function integerHexOf(element: DerElement | undefined, identifier: number = tag.integer): string {
  const { content } = expectElement(element, identifier);
  const [first, second] = content;
  if (first === undefined) throw malformed('an integer without octets', content);
  if (second !== undefined && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw malformed('an integer with padding', content);
  }
  return (first === 0x00 && second !== undefined ? content.subarray(1) : content).toString('hex');
}

/** A number that counts something; beyond 53 bits it is only about right. */
export function countOf(element: DerElement | undefined, identifier: number = tag.integer): number {
  const count = Number.parseInt(integerHexOf(element, identifier), 16);
  if (element!.content[0]! >= 0x80) throw malformed('a negative number where things are counted', element!.content);
  return count;
}

/** The positions of the bits that are set, of a BIT STRING with named bits. */
export function namedBitsOf(element: DerElement): number[] {
  const [unused, ...octets] = expectElement(element, tag.bitString).content;
  if (unused === undefined || unused > 7 || (octets.length === 0 && unused > 0))
    throw malformed('a broken bit string', element.content);
  if ((octets.at(-1) ?? 0) & ((1 << unused) - 1))
    throw malformed('a bit string with bits beyond its end', element.content);
  const positions = Array.from({ length: octets.length * 8 }, (_, position) => position);
  return positions.filter((position) => octets[position >> 3]! & (0x80 >> (position & 7)));
}

/** The octets of a BIT STRING that ends with an octet: a signature. Unused bits would be a second encoding of the same one. */
export function wholeOctetsOf(element: DerElement | undefined): Buffer {
  const { content } = expectElement(element, tag.bitString);
  if (content[0] !== 0) throw malformed('a signature that does not end with an octet', content);
  return content.subarray(1);
}

/** RFC 5280 4.1.2.5: UTCTime or GeneralizedTime, in UTC, whole seconds. */
export function timeOf(element: DerElement | undefined): Date {
  const text = element?.content.toString('latin1') ?? '';
  const isUtcTime = element?.identifier === tag.utcTime;
  if (!isUtcTime) expectElement(element, tag.generalizedTime);
  const match = (
    isUtcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
  ).exec(text);
  if (match === null) throw malformed('a time in another form than RFC 5280 asks for', element?.content);
  const [, year = '', ...parts] = match;
  const century = isUtcTime ? (Number(year) < 50 ? '20' : '19') : '';
  const [month, day, hour, minute, second] = parts;
  const iso = `${century}${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(iso);
  // a 31st of February is rolled over by Date instead of refused
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso)
    throw malformed('a time that does not exist', element?.content);
  return date;
}
