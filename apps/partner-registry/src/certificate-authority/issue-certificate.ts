import {
  checkLeaf,
  parseCertificate,
  parseDistinguishedName,
  type Certificate,
  type DistinguishedName,
  type SubjectAlternativeName,
} from '@partner-ecosystem/x509';
import { clientExtensions } from './certificate-profile.js';
import type { CertificateOrder } from '../records/certificate-issuer.js';
import { randomSerial } from './encoding/random-serial.js';
import { wholeSeconds } from './encoding/whole-seconds.js';
import type { PublishedAt } from './publication/publication-urls.js';
import { signedCertificate, type Signer } from './signed-certificate.js';

/** For clocks that are behind ours. */
const BACK_DATED_MS = 5 * 60_000;

/** What came out is not what was ordered: a fault of ours, and never handed out. */
export class MisissuedError extends Error {
  override readonly name = 'MisissuedError';
  readonly code = 'certificate_misissued';

  constructor(
    readonly fields: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`the certificate made differs from the order: ${fields.join(', ')}`, options);
  }
}

/**
 * A client's certificate by our profile, DER, read back and compared with the order before anybody gets it. It ends with
 * the authority's own certificate at the latest (RFC 5280 path validation would refuse it from then on).
 * @throws MisissuedError, X509Error `dn_invalid`
 */
export async function issueCertificate(
  order: CertificateOrder,
  authority: Signer,
  publishedAt: PublishedAt,
): Promise<Buffer> {
  const content = {
    serial: randomSerial(),
    subject: parseDistinguishedName(order.subject),
    publicKey: order.publicKey,
    notBefore: wholeSeconds(
      later(new Date(order.notBefore.getTime() - BACK_DATED_MS), authority.certificate.notBefore),
    ),
    notAfter: wholeSeconds(earlier(order.notAfter, authority.certificate.notAfter)),
    extensions: clientExtensions(order.names, publishedAt),
  };
  const der = await signedCertificate(content, authority);
  assertAsOrdered(readBack(der), { ...content, names: order.names }, authority.certificate, order.notBefore);
  return der;
}

function readBack(der: Buffer): Certificate {
  try {
    return parseCertificate(der);
  } catch (cause) {
    throw new MisissuedError(['unreadable'], { cause });
  }
}

interface Expected {
  serial: string;
  subject: DistinguishedName;
  publicKey: Buffer;
  notBefore: Date;
  notAfter: Date;
  names: readonly SubjectAlternativeName[];
}

function assertAsOrdered(made: Certificate, expected: Expected, authority: Certificate, now: Date): void {
  const holds: Record<string, boolean> = {
    serial: made.serial === expected.serial,
    // the canonical texts: equal ones are the same name, character by character
    subject: made.subject.text === expected.subject.text,
    names: JSON.stringify(made.subjectAlternativeNames) === JSON.stringify(expected.names.map(kindAndValue)),
    key: made.x509.publicKey.export({ type: 'spki', format: 'der' }).equals(expected.publicKey),
    dates: sameInstant(made.notBefore, expected.notBefore) && sameInstant(made.notAfter, expected.notAfter),
    issuer: made.issuer.text === authority.subject.text && made.x509.verify(authority.x509.publicKey),
    authority: !made.isCa,
  };
  const wrong = Object.entries(holds).filter(([, held]) => !held);
  const refused = checkLeaf(made, now).filter(({ result }) => result === 'fail');
  const fields = [...wrong.map(([field]) => field), ...refused.map(({ id }) => id)];
  if (fields.length > 0) throw new MisissuedError(fields);
}

function kindAndValue({ kind, value }: SubjectAlternativeName): SubjectAlternativeName {
  return { kind, value };
}

function sameInstant(a: Date, b: Date): boolean {
  return a.getTime() === b.getTime();
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
