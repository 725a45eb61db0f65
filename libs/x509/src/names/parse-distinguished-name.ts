import { readElements } from '../der/der-reader.js';
import { X509Error } from '../x509-error.js';
import { attributeTypeOid } from './attribute-types.js';
import { attributeValueOf, utf8TextOf, type AttributeValue } from './attribute-value.js';
import { distinguishedName, type AttributeTypeAndValue, type DistinguishedName } from './distinguished-name.js';

const LONGEST_TEXT = 8192;
const TYPE = / *([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+) *= */y;

/**
 * Reads RFC 4514 text: short names or dotted OIDs, escapes, `#hex`, multi-valued RDNs. What cannot be read is refused,
 * nothing is guessed or dropped. Throws X509Error `dn_invalid`; the message gives a position, never the text.
 *
 * Wider than RFC 4514: spaces around `,` `+` and `=`, as RFC 2253 and most tools print them. They cannot mean anything
 * else, as a space at the edge of a value must be escaped.
 * Narrower: an empty name (it would identify nobody), control characters that are not escaped, over 8192 characters.
 * Refused as ambiguous: `;` as a separator, quoted values, `/CN=…/O=…`, names that are not in `attribute-types`.
 * Does not check: lengths and character sets of single attributes, or that the order of RDNs makes sense.
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  if (text.length > LONGEST_TEXT) throw invalid(`longer than ${LONGEST_TEXT} characters`);
  if (text.trim() === '') throw invalid('an empty name identifies nobody');
  if (/\p{Surrogate}/u.test(text)) throw invalid('half of a character');
  const rdns: AttributeTypeAndValue[][] = [[]];
  for (let offset = 0; ;) {
    const { attribute, end } = attributeAt(text, offset);
    rdns.at(-1)!.push(attribute);
    if (end === text.length) return distinguishedName(rdns);
    if (text[end] === ',') rdns.push([]);
    offset = end + 1;
  }
}

function attributeAt(text: string, start: number): { attribute: AttributeTypeAndValue; end: number } {
  TYPE.lastIndex = start;
  const type = TYPE.exec(text);
  if (type === null) throw invalid(`no attribute type and "=" at position ${start}`);
  const oid = oidOf(type[1]!, start);
  const valueStart = start + type[0].length;
  const end = endOfValue(text, valueStart);
  const raw = text.slice(valueStart, end);
  const value = raw.startsWith('#') ? hexValue(raw, valueStart) : stringValue(raw, valueStart);
  return { attribute: { oid, ...value }, end };
}

function oidOf(type: string, position: number): string {
  if (!/^[0-9]/.test(type)) {
    const known = attributeTypeOid(type);
    if (known === undefined) throw invalid(`unknown attribute type at position ${position}: write its dotted OID`);
    return known;
  }
  // X.660: the second arc is below 40 under 0 and 1; no arc has leading zeros
  if (!/^(?:[01]\.(?:[0-9]|[1-3][0-9])|2\.(?:0|[1-9][0-9]*))(?:\.(?:0|[1-9][0-9]*))*$/.test(type)) {
    throw invalid(`no object identifier at position ${position}`);
  }
  return type;
}

function endOfValue(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',' || text[at] === '+') return at;
  }
  return text.length;
}

function hexValue(raw: string, position: number): AttributeValue {
  const hex = raw.replace(/ +$/, '').slice(1);
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(hex)) throw invalid(`no pairs of hex digits after "#" at position ${position}`);
  const [element, ...rest] = elementsOf(hex, position);
  if (element === undefined || rest.length > 0) throw invalid(`not one DER element after "#" at position ${position}`);
  return attributeValueOf(element);
}

function elementsOf(hex: string, position: number): ReturnType<typeof readElements> {
  try {
    return readElements(Buffer.from(hex, 'hex'));
  } catch (cause) {
    throw invalid(`no DER after "#" at position ${position}`, { cause });
  }
}

function stringValue(raw: string, position: number): AttributeValue {
  const parts: Buffer[] = [];
  // RFC 4514 section 3: a pair is an escaped special character or two hex digits; the rest are string characters
  const token = /\\([0-9a-fA-F]{2})|\\([ "#+,;<=>\\])|([^"+,;<>\\\p{Cc}]+)/uy;
  const value = withoutTrailingSpaces(raw);
  while (token.lastIndex < value.length) {
    const at = token.lastIndex;
    const match = token.exec(value);
    if (match === null)
      throw invalid(`a character that must be escaped, or a broken escape, at position ${position + at}`);
    const [, hex, special, plain] = match;
    parts.push(hex === undefined ? Buffer.from(special ?? plain ?? '', 'utf8') : Buffer.from(hex, 'hex'));
  }
  const text = utf8TextOf(Buffer.concat(parts));
  if (text === undefined) throw invalid(`escaped octets that are no UTF-8 in the value at position ${position}`);
  return { form: 'text', value: text };
}

// a space that is escaped belongs to the value
function withoutTrailingSpaces(raw: string): string {
  const value = raw.replace(/ +$/, '');
  const backslashes = /\\*$/.exec(value)![0].length;
  return backslashes % 2 === 1 && value.length < raw.length ? `${value} ` : value;
}

function invalid(reason: string, options?: ErrorOptions): X509Error {
  return new X509Error('dn_invalid', `not an RFC 4514 name: ${reason}`, options);
}
