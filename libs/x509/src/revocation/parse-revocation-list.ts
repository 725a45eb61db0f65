import { createHash } from 'node:crypto';
import { privateKeyPresent, hasPrivateKeyArmour } from '../certificate/certificate-input.js';
import { extensionsOf, type Extensions } from '../certificate/extensions.js';
import { signatureAlgorithmOf } from '../certificate/signature-algorithm.js';
import { childrenOf, context, expectElement, malformed, readElement, tag, type DerElement } from '../der/der-reader.js';
import { integerHexOf, timeOf } from '../der/der-values.js';
import { distinguishedNameOf } from '../names/distinguished-name-from-der.js';
import { X509Error } from '../x509-error.js';
import type { RevocationList } from './revocation-list.js';
import { revokedEntriesOf } from './revoked-entries.js';

/** Some hundred thousand entries; more is split into parts by whoever issues them, and those are not read here. */
const LARGEST_INPUT = 16 * 1024 * 1024;
const BLOCK = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]*)-----END X509 CRL-----/;
const CRL_NUMBER = '2.5.29.20';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
// RFC 5280 5.2.4 and 5.2.5 have delta lists and partitions say so critically: one that does not is no whole list either
const ALWAYS_CRITICAL = ['2.5.29.27', '2.5.29.28'];

/**
 * Reads one revocation list (RFC 5280 section 5): PEM with one block `X509 CRL`, or DER. Throws X509Error
 * `revocation_list_malformed` or `private_key_present`; no message repeats any of the input.
 * Does not check: signature, dates, who issued it. That is done by `judgePath`, for each certificate it is asked about.
 */
export function parseRevocationList(input: string | Uint8Array): RevocationList {
  if (input.length > LARGEST_INPUT) throw refused(`larger than ${LARGEST_INPUT} bytes`);
  const der = derOf(input);
  try {
    return { der, sha256: createHash('sha256').update(der).digest('hex'), ...fieldsOf(der) };
  } catch (cause) {
    if (!(cause instanceof X509Error)) throw cause;
    throw refused('its content is not the DER that RFC 5280 asks for', { cause });
  }
}

function derOf(input: string | Uint8Array): Buffer {
  const text = typeof input === 'string' ? input : Buffer.from(input.subarray(0, 4096)).toString('latin1');
  if (hasPrivateKeyArmour(text)) throw privateKeyPresent();
  if (typeof input !== 'string' && !text.includes('-----BEGIN ')) return Buffer.from(input);
  const whole = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
  if (hasPrivateKeyArmour(whole)) throw privateKeyPresent();
  if (whole.split('-----BEGIN ').length !== 2) throw refused('not exactly one PEM block');
  const base64 = BLOCK.exec(whole)?.[1]?.replace(/\s+/g, '');
  if (base64 === undefined) throw refused('no complete block "-----BEGIN X509 CRL-----" in it');
  const der = Buffer.from(base64, 'base64');
  // Buffer passes over what is no base64
  if (der.toString('base64') !== base64) throw refused('broken base64 in the PEM block');
  return der;
}

function fieldsOf(der: Buffer): Omit<RevocationList, 'der' | 'sha256'> {
  const [tbs, algorithm, signature, ...rest] = childrenOf(readElement(der, tag.sequence), tag.sequence);
  if (rest.length > 0) throw malformed('a revocation list has three parts');
  const fields = childrenOf(tbs, tag.sequence);
  // RFC 5280 5.1.2.1: version 2, written as 1, as soon as there are extensions
  if (fields[0]?.identifier === tag.integer && integerHexOf(fields.shift()) !== '01')
    throw malformed('another version');
  const [inner, issuer, thisUpdate, ...optional] = fields;
  // RFC 5280 5.1.1.2: only the inner one is signed
  if (!expectElement(inner, tag.sequence).encoded.equals(expectElement(algorithm, tag.sequence).encoded)) {
    throw malformed('two different signature algorithms');
  }
  const { nextUpdate, entries, explicit } = optionalOf(optional);
  const extensions = explicit ? extensionsOf(onlyChild(explicit)) : new Map<string, never>();
  const { revoked, unknownCritical } = revokedEntriesOf(entries);
  return {
    issuer: distinguishedNameOf(expectElement(issuer, tag.sequence)),
    thisUpdate: timeOf(thisUpdate),
    nextUpdate: nextUpdate && timeOf(nextUpdate),
    number: numberOf(extensions),
    revoked,
    signatureAlgorithm: signatureAlgorithmOf(expectElement(inner, tag.sequence)),
    unknownCriticalExtensions: [...unknownCriticalOf(extensions), ...unknownCritical],
    signedPart: expectElement(tbs, tag.sequence).encoded,
    signature: wholeOctetsOf(signature),
  };
}

// nextUpdate, revokedCertificates, extensions: each at most once, in this order
function optionalOf(optional: DerElement[]): Partial<Record<'nextUpdate' | 'entries' | 'explicit', DerElement>> {
  const rest = [...optional];
  const isTime = rest[0]?.identifier === tag.utcTime || rest[0]?.identifier === tag.generalizedTime;
  const nextUpdate = isTime ? rest.shift() : undefined;
  const entries = rest[0]?.identifier === tag.sequence ? rest.shift() : undefined;
  const explicit = rest[0]?.identifier === context.constructed(0) ? rest.shift() : undefined;
  if (rest.length > 0) throw malformed('a field no revocation list has, or one out of order');
  return { nextUpdate, entries, explicit };
}

function onlyChild(explicit: DerElement): DerElement | undefined {
  const [sequence, ...rest] = childrenOf(explicit, context.constructed(0));
  if (rest.length > 0) throw malformed('more than one list of extensions');
  return sequence;
}

function numberOf(extensions: Extensions): string | undefined {
  const extension = extensions.get(CRL_NUMBER);
  return extension && integerHexOf(readElement(extension.value, tag.integer));
}

function unknownCriticalOf(extensions: Extensions): string[] {
  const known = [CRL_NUMBER, AUTHORITY_KEY_IDENTIFIER];
  const counts = (oid: string, critical: boolean) =>
    (critical && !known.includes(oid)) || ALWAYS_CRITICAL.includes(oid);
  return [...extensions].filter(([oid, { critical }]) => counts(oid, critical)).map(([oid]) => oid);
}

function wholeOctetsOf(signature: DerElement | undefined): Buffer {
  const { content } = expectElement(signature, tag.bitString);
  if (content[0] !== 0) throw malformed('a signature that does not end with an octet');
  return content.subarray(1);
}

function refused(reason: string, options?: ErrorOptions): X509Error {
  return new X509Error('revocation_list_malformed', `not a certificate revocation list: ${reason}`, options);
}
