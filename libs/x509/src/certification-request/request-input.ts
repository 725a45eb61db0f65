import { privateKeyPresent, refusePrivateKey } from '../certificate/certificate-input.js';
import { holdsPrivateKey } from '../certificate/holds-private-key.js';
import { X509Error } from '../x509-error.js';

/** Far above any request in use: one of RSA-8192 with its `openssl req -text` has some ten thousand. */
const LARGEST_INPUT = 32_768;
// the second is what Microsoft's tools write
const BLOCK = /-----BEGIN (NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]*)-----END \1?CERTIFICATE REQUEST-----/;

/** The DER inside PEM or DER input. Private keys are looked for first, as with certificates. */
export function requestDer(input: string | Uint8Array): Buffer {
  if (input.length > LARGEST_INPUT) throw malformedRequest(`larger than ${LARGEST_INPUT} bytes`);
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
  if (holdsPrivateKey(text)) throw privateKeyPresent();
  const isText = typeof input === 'string' || text.includes('-----BEGIN ');
  const der = isText ? derOfText(text) : Buffer.from(input);
  refusePrivateKey(der);
  return der;
}

export function requestPem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines}-----END CERTIFICATE REQUEST-----\n`;
}

export function malformedRequest(reason: string, options?: ErrorOptions): X509Error {
  return new X509Error('certification_request_malformed', `not a certification request: ${reason}`, options);
}

function derOfText(text: string): Buffer {
  const begun = text.split('-----BEGIN ').length - 1;
  if (begun === 0) refusePrivateKey(Buffer.from(text, 'base64'));
  if (begun > 1) throw malformedRequest('more than one PEM block');
  const base64 = BLOCK.exec(text)?.[2]?.replace(/[ \t\r\n]+/g, '');
  if (base64 === undefined) throw malformedRequest('no complete block "-----BEGIN CERTIFICATE REQUEST-----" in it');
  const der = Buffer.from(base64, 'base64');
  // Buffer passes over what is no base64
  if (der.length === 0 || der.toString('base64') !== base64) throw malformedRequest('broken base64 in the PEM block');
  return der;
}
