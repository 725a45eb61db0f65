import { parseCertificate, sameDistinguishedName, X509Error, type Certificate } from '@partner-ecosystem/x509';
import { RegistryError } from '../problems/registry-error.js';
import { privateKeyInRequest } from '../problems/certificate.errors.js';

/** PEM text, or DER in base64: exactly one of the two. */
export interface CertificateContent {
  readonly pem?: string | undefined;
  readonly der?: string | undefined;
}

/** A certificate and the intermediates that came with it. */
export interface CertificateBundle {
  readonly leaf: Certificate;
  /** nearest to the leaf first, without roots: those are never taken from an upload */
  readonly chain: Certificate[];
  /** how many others came along and were left out */
  readonly passedOver: number;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const MOST_CERTIFICATES = 10;

/**
 * The leaf of an upload and its intermediates, in whatever order they came.
 * @throws RegistryError `private_key_in_request`, `certificate_bundle`, `certificate_malformed`; none repeats the input
 */
export function parseUpload({ pem, der }: CertificateContent): CertificateBundle {
  const pointer = pem === undefined ? '/der' : '/pem';
  try {
    return bundleOf(pem === undefined ? [certificateOf(Buffer.from(der!, 'base64'))] : certificatesIn(pem));
  } catch (error) {
    throw error instanceof X509Error ? refusalOf(error, pointer) : error;
  }
}

// PEM is also found in bytes; who says DER means DER.
function certificateOf(der: Buffer): Certificate {
  const certificate = parseCertificate(der);
  if (certificate.der.equals(der)) return certificate;
  throw new X509Error('certificate_malformed', 'not a certificate: PEM where DER is expected');
}

function certificatesIn(pem: string): Certificate[] {
  try {
    // Looks for private keys before anything else, whatever is wrong besides.
    return [parseCertificate(pem)];
  } catch (error) {
    if (!(error instanceof X509Error) || error.code !== 'certificate_bundle') throw error;
    return blocksOf(pem, error).map((block) => parseCertificate(block));
  }
}

function blocksOf(pem: string, cause: X509Error): string[] {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length > MOST_CERTIFICATES) throw bundleRefused(`more than ${MOST_CERTIFICATES} certificates`);
  if (blocks.length === pem.split('-----BEGIN ').length - 1) return blocks;
  throw new X509Error('certificate_malformed', 'not a certificate: a PEM block of another kind in it', { cause });
}

function bundleOf(certificates: Certificate[]): CertificateBundle {
  const distinct = [...new Map(certificates.map((certificate) => [certificate.sha256, certificate])).values()];
  const leaf = leafOf(distinct);
  const chain = chainAbove(leaf, distinct);
  return { leaf, chain, passedOver: distinct.length - 1 - chain.length };
}

// The one that certifies none of the others; where there are several, the one that is no authority.
function leafOf(certificates: readonly Certificate[]): Certificate {
  const issuesNone = certificates.filter((candidate) =>
    certificates.every((other) => other === candidate || !isNamedIssuer(candidate, other)),
  );
  const ends = issuesNone.filter(({ isCa }) => !isCa);
  const [leaf, ...others] = issuesNone.length === 1 ? issuesNone : ends;
  if (leaf && others.length === 0) return leaf;
  throw bundleRefused(leaf ? `${others.length + 1} certificates that could be the leaf` : 'no leaf certificate');
}

function chainAbove(leaf: Certificate, certificates: readonly Certificate[]): Certificate[] {
  const chain = new Set<Certificate>([leaf]);
  for (const subject of chain) {
    for (const issuer of certificates) {
      if (issuer.isCa && !isRoot(issuer) && isNamedIssuer(issuer, subject)) chain.add(issuer);
    }
  }
  return [...chain].slice(1);
}

// By name only: whether one really signed the other is for the judgement of the path.
function isNamedIssuer(issuer: Certificate, subject: Certificate): boolean {
  return issuer.subject.rdns.length > 0 && sameDistinguishedName(issuer.subject, subject.issuer);
}

function isRoot({ selfIssued, x509 }: Certificate): boolean {
  try {
    return selfIssued && x509.verify(x509.publicKey);
  } catch {
    return false;
  }
}

function bundleRefused(observed: string): RegistryError {
  const detail = `There are ${observed}: send one leaf certificate, with its intermediates at most.`;
  return RegistryError.ofField('certificate_bundle', '/pem', detail);
}

function refusalOf(error: X509Error, pointer: string): RegistryError {
  if (error.code === 'private_key_present') return privateKeyInRequest();
  if (error.code === 'certificate_bundle') {
    return RegistryError.ofField('certificate_bundle', pointer, 'There are several certificates: send them as PEM.');
  }
  return RegistryError.ofField('certificate_malformed', pointer, `It is ${error.message}.`);
}
