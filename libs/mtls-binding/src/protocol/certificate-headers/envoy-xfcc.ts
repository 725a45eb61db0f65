import { createHash } from 'node:crypto';
import type { CertificateHeader } from './certificate-header.js';
import { dersFromPem, pemOf } from './ders-from-pem.js';
import { malformedHeader } from './malformed-header.js';
import { percentDecoded, percentEncoded } from './percent-decoded.js';

// A value without quotes is visible ASCII without what separates; Envoy does not quote an equals sign in a URI.
const PAIR = /^([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*))$/;
const KEYS = new Set(['by', 'hash', 'cert', 'chain', 'subject', 'uri', 'dns']);
/** What only one certificate's description has once. A certificate can have several names. */
const SINGLE = ['hash', 'cert', 'chain', 'subject'];

/**
 * Envoy's `x-forwarded-client-cert` as `SANITIZE_SET` with `set_current_client_cert_details: { cert: true }` writes it: one
 * element, whose `Cert` is the leaf as percent-encoded PEM. Two elements mean that Envoy appended to what the client sent.
 * A `Hash` is held against the certificate.
 */
export function envoyXfcc(): CertificateHeader {
  return {
    name: 'X-Forwarded-Client-Cert',
    companions: [],
    decode: derOfElement,
    chain: { decode: chainOfElement },
    encode: (der) => `Cert="${percentEncoded(pemOf(der))}"`,
  };
}

function derOfElement(value: string): Buffer {
  const pairs = pairsOf(value);
  const pem = pairs.get('cert')?.[0];
  if (pem === undefined) throw malformedHeader('has no Cert: set_current_client_cert_details needs cert: true');
  const [der, ...others] = dersFromPem(percentDecoded(pem));
  if (others.length > 0) throw malformedHeader('has several certificates as Cert');
  const hash = pairs.get('hash')?.[0];
  if (hash !== undefined && hash !== createHash('sha256').update(der).digest('hex')) {
    throw malformedHeader('has the Hash of another certificate');
  }
  return der;
}

function chainOfElement(value: string): Buffer[] {
  const pem = pairsOf(value).get('chain')?.[0];
  return pem === undefined ? [] : dersFromPem(percentDecoded(pem));
}

function pairsOf(value: string): Map<string, string[]> {
  const pairs = new Map<string, string[]>();
  for (const text of outsideQuotes(value)) {
    const [, name, quoted, plain] = PAIR.exec(text) ?? [];
    const key = name?.toLowerCase();
    if (key === undefined || !KEYS.has(key)) throw malformedHeader('is no list of key=value that Envoy writes');
    pairs.set(key, [...(pairs.get(key) ?? []), quoted ?? plain ?? '']);
  }
  if (SINGLE.some((key) => (pairs.get(key)?.length ?? 0) > 1)) throw malformedHeader('describes two certificates');
  return pairs;
}

/** Split at every `;` that no quotes enclose. */
function outsideQuotes(value: string): string[] {
  const parts: string[] = [];
  let [start, quoted] = [0, false];
  for (let at = 0; at < value.length; at += 1) {
    const one = value[at];
    if (quoted && one === '\\') at += 1;
    else if (one === '"') quoted = !quoted;
    else if (!quoted && one === ',') throw malformedHeader('has several elements: Envoy must be set to SANITIZE_SET');
    else if (!quoted && one === ';') {
      parts.push(value.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, value.slice(start)];
}
