import { tag, type DerElement } from '../der/der-reader.js';

/**
 * `text`: the characters, whichever ASN.1 string type held them. `der`: `#` and lower-case hex of the whole element,
 * for everything that is not text. The form is a field of its own because a text may begin with `#` too.
 */
export interface AttributeValue {
  form: 'text' | 'der';
  value: string;
}

const ASCII_STRINGS = new Set<number>([
  tag.numericString,
  tag.printableString,
  tag.ia5String,
  tag.visibleString,
  // what TeletexString means above ASCII depends on who wrote it
  tag.teletexString,
]);

/** Text that cannot be decoded without a guess stays DER: nothing is replaced, dropped or cut at a NUL. */
export function attributeValueOf(element: DerElement): AttributeValue {
  const value = textOf(element);
  return value === undefined ? { form: 'der', value: `#${element.encoded.toString('hex')}` } : { form: 'text', value };
}

function textOf({ identifier, content }: DerElement): string | undefined {
  if (ASCII_STRINGS.has(identifier))
    return content.every((octet) => octet < 0x80) ? content.toString('latin1') : undefined;
  if (identifier === tag.utf8String) return utf8TextOf(content);
  if (identifier === tag.bmpString && content.length % 2 === 0)
    return wellFormed(Buffer.from(content).swap16().toString('utf16le'));
  if (identifier === tag.universalString && content.length % 4 === 0) return utf32TextOf(content);
  return undefined;
}

/** Undefined where the octets are no UTF-8. */
export function utf8TextOf(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

function utf32TextOf(content: Buffer): string | undefined {
  const points = Array.from({ length: content.length / 4 }, (_, index) => content.readUInt32BE(index * 4));
  if (points.some((point) => point > 0x10ffff)) return undefined;
  return wellFormed(points.map((point) => String.fromCodePoint(point)).join(''));
}

function wellFormed(text: string): string | undefined {
  return /\p{Surrogate}/u.test(text) ? undefined : text;
}
