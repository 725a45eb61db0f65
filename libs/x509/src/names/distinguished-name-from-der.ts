import {
  childrenOf,
  DerError,
  expectElement,
  malformed,
  readElement,
  tag,
  type DerElement,
} from '../der/der-reader.js';
import { objectIdentifierOf } from '../der/der-values.js';
import { X509Error } from '../x509-error.js';
import { attributeValueOf } from './attribute-value.js';
import { distinguishedName, type AttributeTypeAndValue, type DistinguishedName } from './distinguished-name.js';

/**
 * The name a DER `Name` stands for (RFC 5280 4.1.2.4); an empty one has no RDNs and an empty text.
 * Throws X509Error `dn_invalid`.
 */
export function distinguishedNameFromDer(der: Uint8Array): DistinguishedName {
  try {
    return distinguishedNameOf(readElement(der, tag.sequence));
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    throw new X509Error('dn_invalid', `not the DER encoding of a name: ${cause.within(der)}`, { cause });
  }
}

/** The same of an element already read; throws `der_malformed`. */
export function distinguishedNameOf(name: DerElement): DistinguishedName {
  // RFC 4514 2.1: the text begins with the last RDN of the encoding
  return distinguishedName(childrenOf(name, tag.sequence).map(relativeName).reverse());
}

function relativeName(rdn: DerElement): AttributeTypeAndValue[] {
  const attributes = childrenOf(rdn, tag.set).map(attribute);
  if (attributes.length === 0) throw malformed('an RDN without attributes', rdn.encoded);
  return attributes;
}

function attribute(element: DerElement): AttributeTypeAndValue {
  const [type, value, ...rest] = childrenOf(element, tag.sequence);
  if (value === undefined || rest.length > 0) throw malformed('an attribute is a type and a value', element.encoded);
  return { oid: objectIdentifierOf(expectElement(type, tag.objectIdentifier)), ...attributeValueOf(value) };
}
