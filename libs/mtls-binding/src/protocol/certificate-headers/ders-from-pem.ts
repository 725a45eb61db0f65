import { X509Certificate } from 'node:crypto';
import { derFromBase64 } from './der-from-base64.js';
import { malformedHeader } from './malformed-header.js';

const BEGIN = '-----BEGIN CERTIFICATE-----\n';
const END = '-----END CERTIFICATE-----';
const LINES = /^(?:[A-Za-z0-9+/=]{1,76}\n)+$/;

/**
 * The certificates of a PEM text that holds them and nothing else, in their order: at least one.
 * @throws RefusedError `certificate_header_malformed`
 */
export function dersFromPem(text: string): [Buffer, ...Buffer[]] {
  const ders: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const end = text.indexOf(END, at);
    if (!text.startsWith(BEGIN, at) || end < 0) throw malformedHeader('is not a whole PEM certificate');
    const body = text.slice(at + BEGIN.length, end);
    // A plus that became a space, or a line break that did, shows here.
    if (!LINES.test(body)) throw malformedHeader('is PEM with something else than lines of base64');
    ders.push(derFromBase64(body.replaceAll('\n', '')));
    at = end + END.length;
    if (text[at] === '\n') at += 1;
  }
  const [leaf, ...chain] = ders;
  if (!leaf) throw malformedHeader('is empty');
  return [leaf, ...chain];
}

/** The PEM of one certificate, as OpenSSL writes it. */
export function pemOf(der: Buffer): string {
  return new X509Certificate(der).toString();
}
