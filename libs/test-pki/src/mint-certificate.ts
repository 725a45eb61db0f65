import { createHash } from 'node:crypto';
import { element, integer, tag, time } from './der.js';
import { issuedFrom, type Issued } from './issued.js';
import type { RawExtension } from './leaf-options.js';
import {
  alternativeNames,
  authorityKeyIdentifier,
  basicConstraints,
  extendedKeyUsage,
  extensionElements,
  keyUsage,
  nameConstraints,
  subjectKeyIdentifier,
  type GeneralNameOption,
  type KeyUsageName,
  type NameConstraintsOption,
} from './minted-extensions.js';
import { randomSerial } from './sign-certificate.js';
import { signDer, type SignatureScheme } from './sign-der.js';
import { generateKeys, type KeyKind } from './subject-keys.js';
import { subjectName } from './subject-name.js';
import { leafValidity } from './validity.js';

/** A certificate that can be the issuer of others, whether or not it may. */
export interface Minted extends Issued {
  /** subject, DER */
  name: Buffer;
  /** SubjectPublicKeyInfo, DER */
  spki: Buffer;
  /** hex */
  serial: string;
  keyIdentifier: Buffer;
}

/** Everything a certificate can say, right or wrong. `null`: no such extension; a field left out: what a sound one says. */
export interface MintOptions {
  /** RFC 4514 text */
  subject: string;
  /** default: signed with its own key */
  issuer?: Minted;
  /** RFC 4514 text to write in place of the issuer's subject */
  issuerName?: string;
  /** true: defaults of an authority (CA:TRUE, keyCertSign and cRLSign, no purpose) instead of a client's */
  authority?: boolean;
  key?: KeyKind;
  /** use the key pair of this certificate */
  keyOf?: Minted;
  notBefore?: Date;
  notAfter?: Date;
  basicConstraints?: { ca: boolean; pathLength?: number } | null;
  keyUsage?: KeyUsageName[] | null;
  extendedKeyUsage?: string[] | null;
  names?: GeneralNameOption[];
  nameConstraints?: NameConstraintsOption;
  subjectKeyIdentifier?: Buffer | null;
  authorityKeyIdentifier?: Buffer | null;
  extensions?: RawExtension[];
  scheme?: SignatureScheme;
  forged?: boolean;
  /** true: a version 1 certificate, which has no extensions */
  version1?: boolean;
}

/** Mints one certificate, byte by byte, so that it can be wrong in exactly one place. Does not check: anything. */
export async function mintCertificate(options: MintOptions): Promise<Minted> {
  const keys = options.keyOf ?? (await generateKeys(options.key ?? 'P-256'));
  const name = Buffer.from(subjectName(options.subject).toArrayBuffer());
  const keyIdentifier = options.subjectKeyIdentifier ?? createHash('sha1').update(keys.spki).digest();
  const self = { name, spki: keys.spki, serial: randomSerial(), keyIdentifier, privateKeyPem: keys.privateKeyPem };
  const issuer = options.issuer ?? self;
  const issuerName =
    options.issuerName === undefined ? issuer.name : Buffer.from(subjectName(options.issuerName).toArrayBuffer());
  const extensions = options.version1 ? [] : extensionsOf(options, self.keyIdentifier, issuer.keyIdentifier);
  const { notBefore, notAfter } = leafValidity(options);
  const content = (algorithm: Buffer) =>
    element(
      tag.sequence,
      ...(options.version1 ? [] : [element(0xa0, integer('2'))]),
      integer(self.serial),
      algorithm,
      issuerName,
      element(tag.sequence, time(notBefore), time(notAfter)),
      name,
      keys.spki,
      ...(extensions.length > 0 ? [element(0xa3, element(tag.sequence, ...extensionElements(extensions)))] : []),
    );
  const { privateKeyPem } = issuer;
  const der = signDer(content, { privateKeyPem, scheme: options.scheme ?? 'SHA-256', forged: options.forged });
  return { ...issuedFrom(der, keys.privateKeyPem), ...self };
}

function extensionsOf(options: MintOptions, own: Buffer, issuers: Buffer): RawExtension[] {
  const authority = options.authority ?? false;
  const usage: KeyUsageName[] = authority ? ['keyCertSign', 'cRLSign'] : ['digitalSignature'];
  const purposes = authority ? null : ['clientAuth'];
  const { names = [], subject, nameConstraints: constraints } = options;
  const authorityIdentifier = options.authorityKeyIdentifier === undefined ? issuers : options.authorityKeyIdentifier;
  const extensions = [
    given(options.basicConstraints, { ca: authority }, basicConstraints),
    given(options.keyUsage, usage, keyUsage),
    given(options.extendedKeyUsage, purposes, extendedKeyUsage),
    given(names.length > 0 ? names : null, null, (list) => alternativeNames(list, subject === '')),
    given(constraints, null, nameConstraints),
    given(options.subjectKeyIdentifier === null ? null : own, null, subjectKeyIdentifier),
    given(authorityIdentifier, null, authorityKeyIdentifier),
  ];
  return [...extensions.filter((extension) => extension !== undefined), ...(options.extensions ?? [])];
}

function given<T>(value: T | null | undefined, otherwise: T | null, extension: (value: T) => RawExtension) {
  const stated = value === undefined ? otherwise : value;
  return stated === null ? undefined : extension(stated);
}
