import { childrenOf, malformed, tag, type DerElement } from '../der/der-reader.js';
import { booleanOf, objectIdentifierOf } from '../der/der-values.js';

/** One extension as it stands: `value` is the DER inside its OCTET STRING. */
export interface Extension {
  critical: boolean;
  value: Buffer;
}

/** By dotted OID, of certificates and of CRLs. */
export type Extensions = ReadonlyMap<string, Extension>;

/** Reads a SEQUENCE of extensions. Throws `der_malformed`. */
export function extensionsOf(sequence: DerElement | undefined): Extensions {
  const extensions = new Map<string, Extension>();
  for (const element of childrenOf(sequence, tag.sequence)) {
    const [type, ...parts] = childrenOf(element, tag.sequence);
    const oid = objectIdentifierOf(type);
    // RFC 5280 4.2: a second one of a kind would leave open which one counts
    if (extensions.has(oid)) throw malformed('an extension given twice', element.encoded);
    extensions.set(oid, extensionOf(parts));
  }
  return extensions;
}

function extensionOf(parts: DerElement[]): Extension {
  const [first] = parts;
  const stated = first?.identifier === tag.boolean;
  const [value, ...rest] = stated ? parts.slice(1) : parts;
  if (value?.identifier !== tag.octetString || rest.length > 0)
    throw malformed('an extension of another shape', parts[0]?.encoded);
  return { critical: stated && booleanOf(first), value: value.content };
}
