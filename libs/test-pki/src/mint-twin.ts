import { bitString, element, integer, tag } from './der.js';
import { issuedFrom } from './issued.js';
import type { Minted } from './mint-certificate.js';

/** The order of P-256 (SEC 2, 2.4.2). */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/**
 * The same contents under another signature that is just as valid: of (r, s) its holder makes (r, n - s), without any
 * key. Only for certificates whose issuer signed with P-256.
 */
export function mintTwin<Original extends Pick<Minted, 'der' | 'privateKeyPem'>>(original: Original): Original {
  const [tbs, algorithm, signature] = elementsIn(contentOf(original.der));
  const [r, s] = elementsIn(contentOf(contentOf(signature!).subarray(1)));
  const other = ORDER - BigInt(`0x${contentOf(s!).toString('hex')}`);
  const value = element(tag.sequence, r!, integer(other.toString(16)));
  const der = element(tag.sequence, tbs!, algorithm!, bitString(value));
  return { ...original, ...issuedFrom(der, original.privateKeyPem) };
}

function elementsIn(bytes: Buffer): Buffer[] {
  const elements: Buffer[] = [];
  for (let rest = bytes; rest.length > 0; rest = rest.subarray(elements.at(-1)!.length)) {
    elements.push(rest.subarray(0, headerLength(rest) + contentLength(rest)));
  }
  return elements;
}

function contentOf(bytes: Buffer): Buffer {
  return bytes.subarray(headerLength(bytes));
}

function headerLength(bytes: Buffer): number {
  return bytes[1]! < 0x80 ? 2 : 2 + (bytes[1]! & 0x7f);
}

function contentLength(bytes: Buffer): number {
  return bytes[1]! < 0x80 ? bytes[1]! : bytes.readUIntBE(2, bytes[1]! & 0x7f);
}
