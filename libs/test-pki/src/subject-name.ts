import * as x509 from '@peculiar/x509';
import { element, objectIdentifier, setOf, tag } from './der.js';

const ATTRIBUTE_TYPES: Readonly<Record<string, string>> = {
  cn: '2.5.4.3',
  sn: '2.5.4.4',
  serialnumber: '2.5.4.5',
  c: '2.5.4.6',
  l: '2.5.4.7',
  st: '2.5.4.8',
  street: '2.5.4.9',
  o: '2.5.4.10',
  ou: '2.5.4.11',
  title: '2.5.4.12',
  givenname: '2.5.4.42',
  organizationidentifier: '2.5.4.97',
  uid: '0.9.2342.19200300.100.1.1',
  dc: '0.9.2342.19200300.100.1.25',
  emailaddress: '1.2.840.113549.1.9.1',
};
const IA5_TYPES = new Set(['0.9.2342.19200300.100.1.25', '1.2.840.113549.1.9.1']);
const PRINTABLE_TYPES = new Set(['2.5.4.5', '2.5.4.6']);

/**
 * The X.501 name an RFC 4514 text stands for: short names or dotted OIDs, escapes, `#hex` values, multi-valued RDNs.
 * Built as DER, because `new x509.Name('CN=a, O = b')` silently becomes `CN=a`. Written apart from libs/x509 on purpose:
 * its specs would otherwise be judged by the code they judge.
 * Does not check: what a certificate authority would (lengths, allowed characters per attribute).
 */
export function subjectName(text: string): x509.Name {
  // RFC 4514 section 2.1: the text starts with the last RDN of the encoding
  const parts = text === '' ? [] : splitUnescaped(text, ',').reverse();
  const rdns = parts.map((rdn) => setOf(splitUnescaped(rdn, '+').map(attribute)));
  return new x509.Name(element(tag.sequence, ...rdns));
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (const [piece] of text.matchAll(/\\.|[^]/gs)) {
    if (piece !== separator) part += piece;
    else {
      parts.push(part);
      part = '';
    }
  }
  return [...parts, part];
}

function attribute(text: string): Buffer {
  const equals = text.indexOf('=');
  if (equals < 1) throw new TypeError(`no attribute type in ${JSON.stringify(text)}`);
  const type = text.slice(0, equals).trim();
  const oid = /^\d+(\.\d+)+$/.test(type) ? type : ATTRIBUTE_TYPES[type.toLowerCase()];
  if (oid === undefined) throw new TypeError(`unknown attribute type ${JSON.stringify(type)}: write its dotted OID`);
  const raw = text.slice(equals + 1).trimStart();
  return element(tag.sequence, objectIdentifier(oid), attributeValue(oid, raw));
}

function attributeValue(oid: string, raw: string): Buffer {
  if (raw.startsWith('#')) return Buffer.from(raw.trimEnd().slice(1), 'hex');
  const bytes = unescaped(raw);
  if (IA5_TYPES.has(oid)) return element(tag.ia5String, bytes);
  if (PRINTABLE_TYPES.has(oid)) return element(tag.printableString, bytes);
  return element(tag.utf8String, bytes);
}

function unescaped(raw: string): Buffer {
  const bytes: Buffer[] = [];
  // a trailing space belongs to the value only when it is escaped
  const value = raw.replace(/(\\.|[^ \\]) +$/s, '$1');
  for (const [piece, hex, single] of value.matchAll(/\\([0-9a-fA-F]{2})|\\(.)|[^\\]+/gs)) {
    bytes.push(hex === undefined ? Buffer.from(single ?? piece) : Buffer.from(hex, 'hex'));
  }
  return Buffer.concat(bytes);
}
