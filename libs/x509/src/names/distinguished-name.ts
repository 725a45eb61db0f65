import { attributeTypeText } from './attribute-types.js';
import type { AttributeValue } from './attribute-value.js';

export interface AttributeTypeAndValue extends AttributeValue {
  /** dotted */
  oid: string;
}

export type RelativeDistinguishedName = ReadonlyArray<AttributeTypeAndValue>;

export interface DistinguishedName {
  /**
   * Canonical RFC 4514 text, the most significant RDN last: known short names, else dotted OIDs; the same name gives
   * the same text whatever its ASN.1 string types and the order inside an RDN. To compare names use
   * `sameDistinguishedName`, never this text: it keeps case and spaces.
   */
  text: string;
  /** in the order of the text */
  rdns: ReadonlyArray<RelativeDistinguishedName>;
}

/** RDNs in the order of the text. RFC 4514 2.4 would print strings of unnamed types as hex; here their text is printed. */
export function distinguishedName(rdns: ReadonlyArray<RelativeDistinguishedName>): DistinguishedName {
  const sorted = rdns.map((rdn) => rdn.toSorted((a, b) => (attributeText(a) < attributeText(b) ? -1 : 1)));
  return { text: sorted.map((rdn) => rdn.map(attributeText).join('+')).join(','), rdns: sorted };
}

function attributeText({ oid, form, value }: AttributeTypeAndValue): string {
  return `${attributeTypeText(oid)}=${form === 'der' ? value : escaped(value)}`;
}

function escaped(value: string): string {
  return (
    value
      .replace(/["+,;<>\\]/g, '\\$&')
      .replace(/^[ #]/, '\\$&')
      .replace(/(?<!^\\) $/, '\\ ')
      // characters that do not show, or change how others show, could make one name look like another
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, hexPairs)
  );
}

function hexPairs(character: string): string {
  return Buffer.from(character, 'utf8').toString('hex').toUpperCase().replace(/../g, '\\$&');
}
