import { isIP } from 'node:net';
import { element, integer, namedBits, objectIdentifier, tag } from './der.js';
import { purposeOid } from './leaf-extensions.js';
import type { RawExtension } from './leaf-options.js';
import { subjectName } from './subject-name.js';

// RFC 5280 4.2.1.3, by position of the bit
const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;
export type KeyUsageName = (typeof KEY_USAGES)[number];

/**
 * As an alternative name; as a constraint, `ip` is address and mask: `192.0.2.0/255.255.255.0`.
 * `other` is an otherName, `dn` RFC 4514 text, `id` a registeredID.
 */
export type GeneralNameOption = Partial<Record<'dns' | 'email' | 'uri' | 'ip' | 'dn' | 'id' | 'other', string>>;

export interface NameConstraintsOption {
  permitted?: GeneralNameOption[];
  excluded?: GeneralNameOption[];
  /** default: true, as RFC 5280 4.2.1.10 asks for */
  critical?: boolean;
  /** `maximum` of every subtree, which RFC 5280 forbids */
  maximum?: number;
}

export function basicConstraints({ ca, pathLength }: { ca: boolean; pathLength?: number }): RawExtension {
  const length = pathLength === undefined ? [] : [integer(pathLength.toString(16))];
  return extension('2.5.29.19', true, ...(ca ? [element(tag.boolean, Buffer.of(0xff))] : []), ...length);
}

export function keyUsage(names: KeyUsageName[]): RawExtension {
  return { oid: '2.5.29.15', critical: true, value: namedBits(names.map((name) => KEY_USAGES.indexOf(name))) };
}

/** clientAuth, serverAuth or dotted OIDs */
export function extendedKeyUsage(purposes: string[]): RawExtension {
  return extension('2.5.29.37', false, ...purposes.map((purpose) => objectIdentifier(purposeOid(purpose))));
}

export function alternativeNames(names: GeneralNameOption[], critical: boolean): RawExtension {
  return extension('2.5.29.17', critical, ...names.map(generalName));
}

export function nameConstraints(constraints: NameConstraintsOption): RawExtension {
  const { permitted = [], excluded = [], critical = true, maximum } = constraints;
  const beyond = maximum === undefined ? [] : [integer(maximum.toString(16), 0x81)];
  const subtrees = (names: GeneralNameOption[]) =>
    names.map((name) => element(tag.sequence, generalName(name), ...beyond));
  return extension(
    '2.5.29.30',
    critical,
    ...(permitted.length > 0 ? [element(0xa0, ...subtrees(permitted))] : []),
    ...(excluded.length > 0 ? [element(0xa1, ...subtrees(excluded))] : []),
  );
}

export function subjectKeyIdentifier(identifier: Buffer): RawExtension {
  return { oid: '2.5.29.14', critical: false, value: element(tag.octetString, identifier) };
}

export function authorityKeyIdentifier(identifier: Buffer): RawExtension {
  return extension('2.5.29.35', false, element(0x80, identifier));
}

/** The Extension elements themselves, in the order given. */
export function extensionElements(extensions: RawExtension[]): Buffer[] {
  return extensions.map(({ oid, critical, value }) =>
    element(
      tag.sequence,
      objectIdentifier(oid),
      ...(critical ? [element(tag.boolean, Buffer.of(0xff))] : []),
      element(tag.octetString, value),
    ),
  );
}

function extension(oid: string, critical: boolean, ...content: Buffer[]): RawExtension {
  return { oid, critical, value: element(tag.sequence, ...content) };
}

export function generalName(option: GeneralNameOption): Buffer {
  const { dns, email, uri, ip, dn, id, other } = option;
  if (email !== undefined) return element(0x81, Buffer.from(email, 'latin1'));
  if (dns !== undefined) return element(0x82, Buffer.from(dns, 'latin1'));
  if (dn !== undefined) return element(0xa4, Buffer.from(subjectName(dn).toArrayBuffer()));
  if (uri !== undefined) return element(0x86, Buffer.from(uri, 'latin1'));
  if (ip !== undefined) return element(0x87, ...ip.split('/').map(addressOctets));
  // the OID itself, under another identifier
  if (id !== undefined) return element(0x88, objectIdentifier(id).subarray(2));
  const value = element(0xa0, element(tag.utf8String, Buffer.from(other ?? '')));
  return element(0xa0, objectIdentifier('1.3.6.1.4.1.55555.2'), value);
}

function addressOctets(address: string): Buffer {
  if (isIP(address) !== 6) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => '0'), ...groups(tail ?? '')];
  return Buffer.concat(all.map((group) => Buffer.from(group.padStart(4, '0'), 'hex')));
}
