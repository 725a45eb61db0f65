import { element, integer, tag, time } from './der.js';
import type { RawExtension } from './leaf-options.js';
import type { Minted } from './mint-certificate.js';
import { authorityKeyIdentifier, extensionElements } from './minted-extensions.js';
import { signDer, type SignatureScheme } from './sign-der.js';
import { subjectName } from './subject-name.js';

const HOUR = 3_600_000;

export interface MintedEntry {
  /** hex */
  serial: string;
  /** default: an hour ago */
  date?: Date;
  /** RFC 5280 5.3.1; absent: no reason is given */
  reason?: number;
  extensions?: RawExtension[];
}

/** What a CRL says. A field left out: what a sound one says. */
export interface CrlOptions {
  issuer: Minted;
  /** RFC 4514 text to write in place of the issuer's subject */
  issuerName?: string;
  revoked?: MintedEntry[];
  /** default: an hour ago */
  thisUpdate?: Date;
  /** default: in a day; null: not stated */
  nextUpdate?: Date | null;
  number?: number;
  extensions?: RawExtension[];
  scheme?: SignatureScheme;
  forged?: boolean;
}

/** A CRL (RFC 5280 section 5), DER. Does not check: anything. */
export function mintCrl(options: CrlOptions): Buffer {
  const { issuer, issuerName, revoked = [], nextUpdate = new Date(Date.now() + 24 * HOUR), number = 1 } = options;
  const extensions = [
    authorityKeyIdentifier(issuer.keyIdentifier),
    { oid: '2.5.29.20', critical: false, value: integer(number.toString(16)) },
    ...(options.extensions ?? []),
  ];
  const content = (algorithm: Buffer) =>
    element(
      tag.sequence,
      integer('1'),
      algorithm,
      issuerName === undefined ? issuer.name : Buffer.from(subjectName(issuerName).toArrayBuffer()),
      time(options.thisUpdate ?? new Date(Date.now() - HOUR)),
      ...(nextUpdate === null ? [] : [time(nextUpdate)]),
      ...(revoked.length === 0 ? [] : [element(tag.sequence, ...revoked.map(entry))]),
      element(0xa0, element(tag.sequence, ...extensionElements(extensions))),
    );
  const { privateKeyPem } = issuer;
  return signDer(content, { privateKeyPem, scheme: options.scheme ?? 'SHA-256', forged: options.forged });
}

function entry({ serial, date, reason, extensions = [] }: MintedEntry): Buffer {
  const reasons =
    reason === undefined
      ? []
      : [{ oid: '2.5.29.21', critical: false, value: integer(reason.toString(16), tag.enumerated) }];
  const all = extensionElements([...reasons, ...extensions]);
  return element(
    tag.sequence,
    integer(serial),
    time(date ?? new Date(Date.now() - HOUR)),
    ...(all.length > 0 ? [element(tag.sequence, ...all)] : []),
  );
}
