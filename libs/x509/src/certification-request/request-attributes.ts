import { readExtensions } from '../certificate/certificate-extensions.js';
import { extensionsOf, type Extensions } from '../certificate/extensions.js';
import { childrenOf, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { objectIdentifierOf } from '../der/der-values.js';
import type { CertificationRequest, RequestedExtensions } from './certification-request.js';

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const READ = ['2.5.29.15', SUBJECT_ALTERNATIVE_NAME, '2.5.29.19', '2.5.29.37'];
// RFC 2985 5.4.2, and what Microsoft called it before
const EXTENSION_REQUESTS = ['1.2.840.113549.1.9.14', '1.3.6.1.4.1.311.2.1.14'];

/** Reads the attributes of a request; undefined where the field is left out, as some tools do. Throws `der_malformed`. */
export function requestAttributesOf(
  elements: readonly DerElement[] = [],
): Pick<CertificationRequest, 'attributes' | 'requested'> {
  const attributes = new Map<string, DerElement | undefined>();
  for (const element of elements) {
    const [type, values, ...rest] = childrenOf(element, tag.sequence);
    const oid = objectIdentifierOf(type);
    if (rest.length > 0) throw malformed('an attribute of another shape', element.encoded);
    if (attributes.has(oid)) throw malformed('an attribute given twice', element.encoded);
    attributes.set(oid, values);
  }
  const asked = [...attributes].filter(([oid]) => EXTENSION_REQUESTS.includes(oid)).map(([, values]) => values);
  // which of the two would count?
  if (asked.length > 1) throw malformed('extensions asked for twice, as attributes of two kinds', asked[1]?.encoded);
  return {
    attributes: [...attributes.keys()],
    requested: requestedExtensions(asked.length === 0 ? new Map<string, never>() : extensionsOf(onlyValue(asked[0]))),
  };
}

function onlyValue(values: DerElement | undefined): DerElement | undefined {
  const [value, ...rest] = childrenOf(values, tag.set);
  if (rest.length > 0) throw malformed('an attribute with several values', rest[0]!.encoded);
  return value;
}

function requestedExtensions(extensions: Extensions): RequestedExtensions {
  const { isCa, extendedKeyUsage, keyUsage, subjectAlternativeNames } = readExtensions(extensions);
  const names = extensions.get(SUBJECT_ALTERNATIVE_NAME);
  const asked = names === undefined ? 0 : childrenOf(readElement(names.value, tag.sequence), tag.sequence).length;
  return {
    subjectAlternativeNames,
    isCa,
    extendedKeyUsage,
    keyUsage,
    otherNames: asked - subjectAlternativeNames.length,
    others: [...extensions.keys()].filter((oid) => !READ.includes(oid)),
  };
}
