import type { AttributeTypeAndValue, DistinguishedName } from '@partner-ecosystem/x509';
import { element, objectIdentifier, setOf, tag } from './der.js';

// RFC 5280 appendix A: countryName, serialNumber and dnQualifier are PrintableString, domainComponent and emailAddress IA5String.
const PRINTABLE_TYPES = new Set(['2.5.4.5', '2.5.4.6', '2.5.4.46']);
const IA5_TYPES = new Set(['0.9.2342.19200300.100.1.25', '1.2.840.113549.1.9.1']);
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
const ASCII = /^[\x00-\x7f]*$/;

/**
 * The DER of a parsed name: what `distinguishedNameFromDer` reads back as the same. From the parsed form and never from
 * text, because `new Name('CN=a, O = b')` of `@peculiar/x509` silently becomes `CN=a`. Values that a type's own string
 * cannot hold, and all others, are UTF8String.
 * Does not check: lengths and characters that RFC 5280 asks of single attributes.
 */
export function nameDer({ rdns }: Pick<DistinguishedName, 'rdns'>): Buffer {
  // RFC 4514 2.1: the text begins with the last RDN of the encoding
  return element(tag.sequence, ...rdns.toReversed().map((rdn) => setOf(rdn.map(attributeDer))));
}

function attributeDer(attribute: AttributeTypeAndValue): Buffer {
  return element(tag.sequence, objectIdentifier(attribute.oid), valueDer(attribute));
}

function valueDer({ oid, form, value }: AttributeTypeAndValue): Buffer {
  if (form === 'der') return Buffer.from(value.slice(1), 'hex');
  const text = Buffer.from(value, 'utf8');
  if (PRINTABLE_TYPES.has(oid) && PRINTABLE.test(value)) return element(tag.printableString, text);
  if (IA5_TYPES.has(oid) && ASCII.test(value)) return element(tag.ia5String, text);
  return element(tag.utf8String, text);
}
