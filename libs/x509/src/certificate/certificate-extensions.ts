import { childrenOf, context, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { booleanOf, countOf, namedBitsOf, objectIdentifierOf } from '../der/der-values.js';
import { subjectAlternativeNamesOf, type SubjectAlternativeName } from '../names/subject-alternative-names.js';
import { extensionsOf, type Extension, type Extensions } from './extensions.js';

export interface CertificateExtensions {
  isCa: boolean;
  pathLength: number | undefined;
  extendedKeyUsage: string[] | undefined;
  keyUsage: string[] | undefined;
  subjectAlternativeNames: SubjectAlternativeName[];
  unknownCriticalExtensions: string[];
  extensions: Extensions;
}

const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const NAME_CONSTRAINTS = '2.5.29.30';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const KNOWN = new Set([
  KEY_USAGE,
  SUBJECT_ALTERNATIVE_NAME,
  BASIC_CONSTRAINTS,
  EXTENDED_KEY_USAGE,
  // these restrict nothing about what a leaf may be used for: key identifiers, CRL distribution, access
  '2.5.29.14',
  '2.5.29.35',
  '2.5.29.31',
  '1.3.6.1.5.5.7.1.1',
  // policies, their mappings, constraints on them, inhibitAnyPolicy: `judgePath` enforces what they say
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.54',
]);
// RFC 5280 4.2.1.3, by position of the bit
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

interface BasicConstraints {
  isCa: boolean;
  pathLength: number | undefined;
}
const NO_AUTHORITY: BasicConstraints = { isCa: false, pathLength: undefined };

/** Reads the `[3]` of a TBSCertificate; undefined gives what a certificate without extensions means. */
export function certificateExtensionsOf(explicit: DerElement | undefined): CertificateExtensions {
  return readExtensions(explicit === undefined ? new Map<string, Extension>() : explicitExtensions(explicit));
}

/** What extensions mean, of a certificate or asked for by a request. Throws `der_malformed`. */
export function readExtensions(extensions: Extensions): CertificateExtensions {
  const read = <T>(oid: string, identifier: number, reader: (element: DerElement) => T): T | undefined => {
    const extension = extensions.get(oid);
    return extension && reader(readElement(extension.value, identifier));
  };
  const { isCa, pathLength } = read(BASIC_CONSTRAINTS, tag.sequence, basicConstraintsOf) ?? NO_AUTHORITY;
  return {
    isCa,
    pathLength,
    extendedKeyUsage: read(EXTENDED_KEY_USAGE, tag.sequence, purposesOf),
    keyUsage: read(KEY_USAGE, tag.bitString, keyUsagesOf),
    subjectAlternativeNames: read(SUBJECT_ALTERNATIVE_NAME, tag.sequence, subjectAlternativeNamesOf) ?? [],
    unknownCriticalExtensions: [...extensions]
      .filter(([oid, { critical }]) => critical && !KNOWN.has(oid))
      // what an authority may certify is enforced by `judgePath`; a leaf has no use for it
      .filter(([oid]) => !(oid === NAME_CONSTRAINTS && isCa))
      .map(([oid]) => oid),
    extensions,
  };
}

function explicitExtensions(explicit: DerElement): Extensions {
  const [sequence, ...rest] = childrenOf(explicit, context.constructed(3));
  if (rest.length > 0) throw malformed('more than one list of extensions', explicit.encoded);
  return extensionsOf(sequence);
}

function basicConstraintsOf(basicConstraints: DerElement): BasicConstraints {
  const [first, ...rest] = childrenOf(basicConstraints, tag.sequence);
  const stated = first?.identifier === tag.boolean;
  const [pathLength, ...beyond] = stated ? rest : [first, ...rest].filter((element) => element !== undefined);
  if (beyond.length > 0) throw malformed('basic constraints of another shape', basicConstraints.encoded);
  return { isCa: stated && booleanOf(first), pathLength: pathLength && countOf(pathLength) };
}

function purposesOf(extendedKeyUsage: DerElement): string[] {
  const purposes = childrenOf(extendedKeyUsage, tag.sequence).map((purpose) => objectIdentifierOf(purpose));
  if (purposes.length === 0) throw malformed('an extended key usage without a purpose', extendedKeyUsage.encoded);
  return purposes;
}

function keyUsagesOf(bits: DerElement): string[] {
  return namedBitsOf(bits)
    .map((position) => KEY_USAGES[position])
    .filter((name) => name !== undefined);
}
