import { childrenOf, context, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { booleanOf, namedBitsOf } from '../der/der-values.js';
import { distinguishedNameOf } from '../names/distinguished-name-from-der.js';
import type { DistinguishedName } from '../names/distinguished-name.js';
import { foldedDistinguishedName } from '../names/folded-distinguished-name.js';

/** One way to a certificate's revocation status (RFC 5280 4.2.1.13). Names are in the form in which they are compared. */
export interface DistributionPoint {
  /** undefined: left out */
  names: ReadonlySet<string> | undefined;
  /** positions of RFC 5280 ReasonFlags; undefined: all */
  reasons: readonly number[] | undefined;
  /** names of another authority that signs the list; undefined: the issuer of the certificate does */
  crlIssuer: ReadonlySet<string> | undefined;
}

/** Which certificates and reasons a CRL is about (RFC 5280 5.2.5). */
export interface ListScope extends Pick<DistributionPoint, 'names' | 'reasons'> {
  onlyUserCertificates: boolean;
  onlyAuthorities: boolean;
  onlyAttributeCertificates: boolean;
  indirect: boolean;
}

/** Reads the value of `cRLDistributionPoints`. Throws `der_malformed`. */
export function distributionPointsOf(value: Uint8Array): DistributionPoint[] {
  return childrenOf(readElement(value, tag.sequence), tag.sequence).map((point) => {
    const field = fieldsOf(point, [context.constructed(0), context.primitive(1), context.constructed(2)]);
    const [names, reasons, crlIssuer] = [
      field(context.constructed(0)),
      field(context.primitive(1)),
      field(context.constructed(2)),
    ];
    return {
      names: names && pointNamesOf(names),
      reasons: reasons && reasonsOf(reasons),
      crlIssuer: crlIssuer && namesIn(crlIssuer),
    };
  });
}

/** Reads the value of `issuingDistributionPoint`. Throws `der_malformed`. */
export function listScopeOf(value: Uint8Array): ListScope {
  const order = [context.constructed(0), ...[1, 2, 3, 4, 5].map((n) => context.primitive(n))];
  const field = fieldsOf(readElement(value, tag.sequence), order);
  const [names, reasons] = [field(context.constructed(0)), field(context.primitive(3))];
  const flag = (n: number) => {
    const stated = field(context.primitive(n));
    return stated !== undefined && booleanOf({ ...stated, identifier: tag.boolean });
  };
  return {
    names: names && pointNamesOf(names),
    reasons: reasons && reasonsOf(reasons),
    onlyUserCertificates: flag(1),
    onlyAuthorities: flag(2),
    onlyAttributeCertificates: flag(5),
    indirect: flag(4),
  };
}

/** Whether a value of GeneralNames, as the `certificateIssuer` of an entry, has this name. Throws `der_malformed`. */
export function namesAuthority(value: Uint8Array, name: DistinguishedName): boolean {
  return namesIn(readElement(value, tag.sequence)).has(directoryName(name));
}

/** A directory name in the form in which names are compared. */
export function directoryName(name: DistinguishedName): string {
  return `directory ${foldedDistinguishedName(name)}`;
}

// each at most once, in this order
function fieldsOf(sequence: DerElement, order: number[]): (identifier: number) => DerElement | undefined {
  const fields = childrenOf(sequence, tag.sequence);
  const positions = fields.map(({ identifier }) => order.indexOf(identifier));
  if (positions.some((position, index) => position <= (positions[index - 1] ?? -1))) {
    throw malformed('a field no distribution point has, or one out of order');
  }
  return (identifier) => fields.find((field) => field.identifier === identifier);
}

// A name relative to its issuer's is not read here: it is none that could be the same as another.
function pointNamesOf(explicit: DerElement): Set<string> {
  const [name, ...rest] = childrenOf(explicit, context.constructed(0));
  if (name === undefined || rest.length > 0) throw malformed('a distribution point has one kind of name');
  return name.identifier === context.constructed(0) ? namesIn(name) : new Set();
}

function namesIn(names: DerElement): Set<string> {
  return new Set(childrenOf(names, names.identifier).map(comparableName));
}

function comparableName({ identifier, content, encoded }: DerElement): string {
  if (identifier !== context.constructed(4)) return encoded.toString('hex');
  return directoryName(distinguishedNameOf(readElement(content, tag.sequence)));
}

function reasonsOf(flags: DerElement): number[] {
  return namedBitsOf({ ...flags, identifier: tag.bitString });
}
