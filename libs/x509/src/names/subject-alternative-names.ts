import { childrenOf, context, malformed, tag, type DerElement } from '../der/der-reader.js';
import { ipAddressText } from './ip-address-text.js';

/** `ip` in canonical text (IPv4 dotted, IPv6 RFC 5952); the others octet by octet as certified, wildcards and NUL included. */
export interface SubjectAlternativeName {
  kind: 'dns' | 'uri' | 'email' | 'ip';
  value: string;
}

const TEXT_KINDS = new Map<number, SubjectAlternativeName['kind']>([
  [context.primitive(1), 'email'],
  [context.primitive(2), 'dns'],
  [context.primitive(6), 'uri'],
]);
const OTHER_KINDS = new Set([
  context.constructed(0),
  context.constructed(3),
  context.constructed(4),
  context.constructed(5),
  context.primitive(8),
]);

/** RFC 5280 4.2.1.6, in the order of the certificate; other kinds of names are passed over. Throws `der_malformed`. */
export function subjectAlternativeNamesOf(generalNames: DerElement): SubjectAlternativeName[] {
  const names = childrenOf(generalNames, tag.sequence);
  if (names.length === 0) throw malformed('an extension for names without a name', generalNames.encoded);
  return names.filter(({ identifier }) => !OTHER_KINDS.has(identifier)).map(alternativeName);
}

function alternativeName({ identifier, content }: DerElement): SubjectAlternativeName {
  const kind = TEXT_KINDS.get(identifier);
  if (kind !== undefined) return { kind, value: ia5Text(content) };
  const value = identifier === context.primitive(7) ? ipAddressText(content) : undefined;
  if (value === undefined) throw malformed('no kind of alternative name, or an address of another length', content);
  return { kind: 'ip', value };
}

function ia5Text(content: Buffer): string {
  if (content.some((octet) => octet >= 0x80)) throw malformed('an IA5String beyond ASCII', content);
  return content.toString('latin1');
}
