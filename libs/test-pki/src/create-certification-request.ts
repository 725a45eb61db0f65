import { element, integer, objectIdentifier, tag } from './der.js';
import type { RawExtension } from './leaf-options.js';
import {
  alternativeNames,
  basicConstraints,
  extendedKeyUsage,
  extensionElements,
  keyUsage,
  type GeneralNameOption,
  type KeyUsageName,
} from './minted-extensions.js';
import { signDer, type SignatureScheme } from './sign-der.js';
import { generateKeys, type KeyKind } from './subject-keys.js';
import { subjectName } from './subject-name.js';

/** What a request for a certificate says, right or wrong. A field left out is not asked for. */
export interface CertificationRequestOptions {
  /** RFC 4514 text; default: an empty name */
  subject?: string;
  names?: GeneralNameOption[];
  basicConstraints?: { ca: boolean; pathLength?: number };
  keyUsage?: KeyUsageName[];
  /** clientAuth, serverAuth or dotted OIDs */
  extendedKeyUsage?: string[];
  extensions?: RawExtension[];
  /** DER of further attributes, or of attributes in place of those of the extensions */
  attributes?: Buffer[];
  /** default: P-256 */
  key?: KeyKind;
  /** use these keys instead of new ones */
  keyOf?: Pick<RequestedCertificate, 'privateKeyPem' | 'spki'>;
  /** SubjectPublicKeyInfo to put in, whoever signs: somebody else's key */
  spki?: Buffer;
  scheme?: SignatureScheme;
  /** true: one bit of the signature is wrong */
  forged?: boolean;
  version?: number;
}

/** A request with the key it is for. */
export interface RequestedCertificate {
  der: Buffer;
  pem: string;
  /** PKCS#8, PEM: of who signed */
  privateKeyPem: string;
  /** SubjectPublicKeyInfo, DER: the one inside */
  spki: Buffer;
}

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** A request for a certificate (PKCS#10, RFC 2986), written byte by byte. Does not check: anything. */
export async function createCertificationRequest(
  options: CertificationRequestOptions = {},
): Promise<RequestedCertificate> {
  const keys = options.keyOf ?? (await generateKeys(options.key ?? 'P-256'));
  const spki = options.spki ?? keys.spki;
  const name = Buffer.from(subjectName(options.subject ?? '').toArrayBuffer());
  const attributes = options.attributes ?? requestAttributes(requestedExtensions(options));
  const { privateKeyPem } = keys;
  const der = signDer(
    () => element(tag.sequence, integer(`${options.version ?? 0}`), name, spki, element(0xa0, ...attributes)),
    { privateKeyPem, scheme: options.scheme ?? 'SHA-256', forged: options.forged },
  );
  return { der, pem: requestPem(der), privateKeyPem, spki };
}

/** The attribute that asks for these extensions. */
export function requestAttributes(extensions: RawExtension[], oid: string = EXTENSION_REQUEST): Buffer[] {
  if (extensions.length === 0) return [];
  return [requestAttribute(oid, element(tag.sequence, ...extensionElements(extensions)))];
}

export function requestAttribute(oid: string, ...values: Buffer[]): Buffer {
  return element(tag.sequence, objectIdentifier(oid), element(tag.set, ...values));
}

function requestedExtensions(options: CertificationRequestOptions): RawExtension[] {
  const { names, basicConstraints: constraints, keyUsage: usages, extendedKeyUsage: purposes } = options;
  return [
    ...(constraints ? [basicConstraints(constraints)] : []),
    ...(usages ? [keyUsage(usages)] : []),
    ...(purposes ? [extendedKeyUsage(purposes)] : []),
    ...(names ? [alternativeNames(names, false)] : []),
    ...(options.extensions ?? []),
  ];
}

function requestPem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines}-----END CERTIFICATE REQUEST-----\n`;
}
