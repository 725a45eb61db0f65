import { createHash } from 'node:crypto';
import { privateKeyPresent } from '../certificate/certificate-input.js';
import { extensionsOf, type Extensions } from '../certificate/extensions.js';
import { holdsPrivateKey } from '../certificate/holds-private-key.js';
import { signatureAlgorithmOf } from '../certificate/signature-algorithm.js';
import {
  childrenOf,
  context,
  DerError,
  expectElement,
  malformed,
  readElement,
  tag,
  type DerElement,
} from '../der/der-reader.js';
import { integerHexOf, timeOf, wholeOctetsOf } from '../der/der-values.js';
import { distinguishedNameOf } from '../names/distinguished-name-from-der.js';
import { X509Error } from '../x509-error.js';
import { listScopeOf } from './distribution-points.js';
import type { Crl } from './crl.js';
import { revokedEntriesOf } from './revoked-entries.js';

/** Some hundred thousand entries; more is split into parts by its issuer. */
const LARGEST_INPUT = 16 * 1024 * 1024;
const BLOCK = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]*)-----END X509 CRL-----/;
const CRL_NUMBER = '2.5.29.20';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const ISSUING_DISTRIBUTION_POINT = '2.5.29.28';
// RFC 5280 5.2.4 has delta lists say so critically: one that does not is no whole list either
const DELTA_LIST = '2.5.29.27';

/**
 * Reads one CRL (RFC 5280 section 5): PEM with one block `X509 CRL`, or DER. Throws X509Error
 * `crl_malformed` or `private_key_present`; no message repeats any of the input.
 * Does not check: signature, dates, who issued it. That is done by `judgePath`, for each certificate it is asked about.
 */
export function parseCrl(input: string | Uint8Array): Crl {
  if (input.length > LARGEST_INPUT) throw refused(`larger than ${LARGEST_INPUT} bytes`);
  const der = derOf(input);
  try {
    return { der, sha256: createHash('sha256').update(der).digest('hex'), ...fieldsOf(der) };
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause;
    throw refused(`its content breaks a rule of RFC 5280: ${cause.within(der)}`, { cause });
  }
}

function derOf(input: string | Uint8Array): Buffer {
  const text = typeof input === 'string' ? input : Buffer.from(input.subarray(0, 4096)).toString('latin1');
  if (holdsPrivateKey(text)) throw privateKeyPresent();
  if (typeof input !== 'string' && !text.includes('-----BEGIN ')) return Buffer.from(input);
  const whole = typeof input === 'string' ? input : Buffer.from(input).toString('latin1');
  if (holdsPrivateKey(whole)) throw privateKeyPresent();
  if (whole.split('-----BEGIN ').length !== 2) throw refused('not exactly one PEM block');
  const base64 = BLOCK.exec(whole)?.[1]?.replace(/\s+/g, '');
  if (base64 === undefined) throw refused('no complete block "-----BEGIN X509 CRL-----" in it');
  const der = Buffer.from(base64, 'base64');
  // Buffer passes over what is no base64
  if (der.toString('base64') !== base64) throw refused('broken base64 in the PEM block');
  return der;
}

function fieldsOf(der: Buffer): Omit<Crl, 'der' | 'sha256'> {
  const [tbs, algorithm, signature, ...rest] = childrenOf(readElement(der, tag.sequence), tag.sequence);
  if (rest.length > 0) throw malformed('a CRL has three parts');
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
  const name = distinguishedNameOf(expectElement(issuer, tag.sequence));
  const { revoked, unknownCritical } = revokedEntriesOf(entries, name);
  return {
    issuer: name,
    ...scopeIn(extensions),
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
  if (rest.length > 0) throw malformed('a field no CRL has, or one out of order');
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

function scopeIn(extensions: Extensions): Pick<Crl, 'scope' | 'scopeSha256'> {
  const value = extensions.get(ISSUING_DISTRIBUTION_POINT)?.value;
  if (value === undefined) return { scope: undefined, scopeSha256: undefined };
  return { scope: listScopeOf(value), scopeSha256: createHash('sha256').update(value).digest('hex') };
}

function unknownCriticalOf(extensions: Extensions): string[] {
  const known = [CRL_NUMBER, AUTHORITY_KEY_IDENTIFIER, ISSUING_DISTRIBUTION_POINT];
  const counts = (oid: string, critical: boolean) => (critical && !known.includes(oid)) || oid === DELTA_LIST;
  return [...extensions].filter(([oid, { critical }]) => counts(oid, critical)).map(([oid]) => oid);
}

function refused(reason: string, options?: ErrorOptions): X509Error {
  return new X509Error('crl_malformed', `not a CRL: ${reason}`, options);
}
