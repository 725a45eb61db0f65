import { readElements, tag, type DerElement } from '../der/der-reader.js';
import { X509Error } from '../x509-error.js';
import { holdsPrivateKey } from './holds-private-key.js';

/** Far above any certificate in use, far below what would cost noticeable time. */
const LARGEST_INPUT = 65_536;
const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;

/**
 * The DER inside PEM or DER input. Text around a PEM block is passed over (RFC 7468 section 2), other blocks are not.
 * Private keys are looked for first: an operator who sent one must be told to replace it, whatever else is wrong.
 */
export function certificateDer(input: string | Uint8Array): Buffer {
  if (input.length > LARGEST_INPUT) throw malformedInput(`larger than ${LARGEST_INPUT} bytes`);
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
  if (holdsPrivateKey(text)) throw privateKeyPresent();
  if (typeof input === 'string' || text.includes('-----BEGIN ')) return derOfText(text);
  return derOfBytes(Buffer.from(input));
}

function derOfText(text: string): Buffer {
  const begun = text.split('-----BEGIN ').length - 1;
  const blocks = [...text.matchAll(CERTIFICATE_BLOCK)];
  if (blocks.length > 1) throw bundle();
  const [block] = blocks;
  if (block === undefined) refusePrivateKey(Buffer.from(text, 'base64'));
  if (block === undefined) throw malformedInput('no complete block "-----BEGIN CERTIFICATE-----" in it');
  if (begun > 1) throw malformedInput('a PEM block of another kind in it');
  const base64 = block[1]!.replace(/[ \t\r\n]+/g, '');
  const der = Buffer.from(base64, 'base64');
  // Buffer passes over what is no base64
  if (der.length === 0 || der.toString('base64') !== base64) throw malformedInput('broken base64 in the PEM block');
  refusePrivateKey(der);
  return der;
}

function derOfBytes(der: Buffer): Buffer {
  refusePrivateKey(der);
  const elements = elementsOf(der);
  if (elements.length > 1 && elements.every(({ identifier }) => identifier === tag.sequence)) throw bundle();
  return der;
}

// Shapes of PKCS#1 (not its public keys: two integers), SEC1, PKCS#8, encrypted PKCS#8 and PKCS#12. A certificate begins with a SEQUENCE of a SEQUENCE of
// a version or serial number, and ends with a BIT STRING; a certification request likewise.
export function refusePrivateKey(der: Buffer): void {
  const [outer] = elementsOf(der);
  if (outer?.identifier !== tag.sequence) return;
  const parts = elementsOf(outer.content).map(({ identifier }) => identifier);
  const [first, second] = parts;
  const versioned =
    first === tag.integer &&
    ((second === tag.integer && parts.length > 2) || second === tag.octetString || second === tag.sequence);
  const encrypted = first === tag.sequence && second === tag.octetString && parts.length === 2;
  if (versioned || encrypted) throw privateKeyPresent();
}

function elementsOf(der: Buffer): DerElement[] {
  try {
    return readElements(der);
  } catch {
    return [];
  }
}

export function malformedInput(reason: string, options?: ErrorOptions): X509Error {
  return new X509Error('certificate_malformed', `not a certificate: ${reason}`, options);
}

function bundle(): X509Error {
  return new X509Error('certificate_bundle', 'several certificates: send the leaf certificate alone');
}

export function privateKeyPresent(): X509Error {
  const advice = 'send what is public alone, and replace this key: it has left its owner';
  return new X509Error('private_key_present', `a private key is in the input: ${advice}`);
}
