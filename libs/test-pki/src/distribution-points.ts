import { element, namedBits, tag } from './der.js';
import type { RawExtension } from './leaf-options.js';
import { generalName, type GeneralNameOption } from './minted-extensions.js';
import { subjectName } from './subject-name.js';

export interface PointOptions {
  /** fullName */
  names?: GeneralNameOption[];
  /** RFC 4514 text of one RDN: nameRelativeToCRLIssuer */
  relative?: string;
  /** positions of RFC 5280 4.2.1.13 ReasonFlags */
  reasons?: number[];
}

export interface IssuingPointOptions extends PointOptions {
  only?: 'users' | 'authorities' | 'attributes';
  indirect?: boolean;
  /** default: true, as RFC 5280 5.2.5 asks for */
  critical?: boolean;
}

/** `cRLDistributionPoints` of a certificate (RFC 5280 4.2.1.13). */
export function distributionPoints(...points: (PointOptions & { crlIssuer?: string })[]): RawExtension {
  const elements = points.map(({ crlIssuer, ...point }) =>
    element(
      tag.sequence,
      ...pointName(point),
      ...reasonFlags(0x81, point.reasons),
      ...(crlIssuer === undefined ? [] : [element(0xa2, generalName({ dn: crlIssuer }))]),
    ),
  );
  return { oid: '2.5.29.31', critical: false, value: element(tag.sequence, ...elements) };
}

/** `issuingDistributionPoint` of a CRL (RFC 5280 5.2.5). */
export function issuingDistributionPoint({
  only,
  indirect,
  critical = true,
  ...point
}: IssuingPointOptions): RawExtension {
  const flag = (identifier: number, set: boolean) => (set ? [element(identifier, Buffer.of(0xff))] : []);
  const value = element(
    tag.sequence,
    ...pointName(point),
    ...flag(0x81, only === 'users'),
    ...flag(0x82, only === 'authorities'),
    ...reasonFlags(0x83, point.reasons),
    ...flag(0x84, indirect === true),
    ...flag(0x85, only === 'attributes'),
  );
  return { oid: '2.5.29.28', critical, value };
}

/** `certificateIssuer` of an entry in an indirect list (RFC 5280 5.3.3); RFC 4514 text. */
export function certificateIssuer(name: string): RawExtension {
  return { oid: '2.5.29.29', critical: true, value: element(tag.sequence, generalName({ dn: name })) };
}

function pointName({ names, relative }: PointOptions): Buffer[] {
  if (relative !== undefined) {
    // the content of the only RDN
    const rdn = Buffer.from(subjectName(relative).toArrayBuffer()).subarray(4);
    return [element(0xa0, element(0xa1, rdn))];
  }
  return names === undefined ? [] : [element(0xa0, element(0xa0, ...names.map(generalName)))];
}

function reasonFlags(identifier: number, reasons: number[] | undefined): Buffer[] {
  if (reasons === undefined) return [];
  const [, ...rest] = namedBits(reasons);
  return [Buffer.of(identifier, ...rest)];
}
