import { X509Error } from '../x509-error.js';

/** One element of DER: its identifier octet, its content, and both with the length between them. */
export interface DerElement {
  identifier: number;
  content: Buffer;
  encoded: Buffer;
}

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific identifiers, `[n]`. */
export const context = { primitive: (n: number) => 0x80 | n, constructed: (n: number) => 0xa0 | n } as const;

/**
 * The elements that fill `bytes` to the last one. X.690 in its distinguished form only: definite lengths in their
 * shortest form, single-octet identifiers. Throws X509Error `der_malformed`.
 * Does not check: what is inside an element; read that with `childrenOf` or a function of `der-values`.
 */
export function readElements(bytes: Uint8Array): DerElement[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: DerElement[] = [];
  for (let offset = 0; offset < buffer.length;) {
    const element = elementAt(buffer, offset);
    elements.push(element);
    offset += element.encoded.length;
  }
  return elements;
}

/** The one element `bytes` consists of; nothing may follow it. */
export function readElement(bytes: Uint8Array, identifier: number): DerElement {
  const [element, ...rest] = readElements(bytes);
  if (element === undefined || rest.length > 0) throw malformed('not exactly one element');
  return expectElement(element, identifier);
}

export function childrenOf(element: DerElement | undefined, identifier: number): DerElement[] {
  return readElements(expectElement(element, identifier).content);
}

export function expectElement(element: DerElement | undefined, identifier: number): DerElement {
  if (element?.identifier === identifier) return element;
  throw malformed(`no element 0x${identifier.toString(16)} where one must be`, element?.encoded);
}

/** @param at the part of the input that breaks the rule, as a view of the same memory */
export function malformed(reason: string, at?: Uint8Array): DerError {
  return new DerError(reason, at);
}

/** `der_malformed`: which rule was broken, and where. */
export class DerError extends X509Error {
  constructor(
    readonly reason: string,
    private readonly at: Uint8Array | undefined,
  ) {
    super('der_malformed', `not DER: ${reason}`);
  }

  /** The rule, with the position in the input where that is known. */
  within(input: Uint8Array): string {
    if (this.at === undefined || this.at.buffer !== input.buffer) return this.reason;
    return `${this.reason}, at octet ${this.at.byteOffset - input.byteOffset}`;
  }
}

function elementAt(buffer: Buffer, start: number): DerElement {
  const identifier = octetAt(buffer, start);
  if ((identifier & 0x1f) === 0x1f) throw malformed('an identifier of several octets', buffer.subarray(start));
  if (identifier === 0) throw malformed('an end-of-contents mark', buffer.subarray(start));
  const first = octetAt(buffer, start + 1);
  if (first === 0x80) throw malformed('an indefinite length', buffer.subarray(start));
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const length = lengthOctets === 0 ? first : longLength(buffer, start + 2, lengthOctets);
  const contentStart = start + 2 + lengthOctets;
  const end = contentStart + length;
  if (end > buffer.length) throw malformed('an element longer than its container', buffer.subarray(start));
  return { identifier, content: buffer.subarray(contentStart, end), encoded: buffer.subarray(start, end) };
}

function longLength(buffer: Buffer, start: number, octets: number): number {
  // octets above 4 cannot be in an input of any size accepted here
  if (octets > 4 || start + octets > buffer.length)
    throw malformed('a length that leads nowhere', buffer.subarray(start));
  const length = buffer.readUIntBE(start, octets);
  const shortest = length < 0x80 ? 0 : Math.ceil(length.toString(16).length / 2);
  if (octets !== shortest) throw malformed('a length longer than needed', buffer.subarray(start));
  return length;
}

function octetAt(buffer: Buffer, offset: number): number {
  const octet = buffer[offset];
  if (octet === undefined) throw malformed('the end comes too early', buffer.subarray(offset));
  return octet;
}
