import { sameDistinguishedName, X509Error, type Certificate } from '@partner-ecosystem/x509';
import { isSignedBy, parseCrl, type Crl } from '@partner-ecosystem/x509/path';
import type { HeldCrl } from '../records/held-crl.entity.js';
import { CrlRefused } from './crl-refused.js';

/** A list with its dates, of everything that it says it is about. */
export type SoundList = Crl & { readonly nextUpdate: Date };

/**
 * Reads a list and holds it against everything that takes neither its authority nor the lists before it.
 * @throws CrlRefused `malformed`, `private_key_present`, `partial`, `dates`, `future`
 */
export function soundCrl(octets: string | Uint8Array, now: Date): SoundList {
  const list = parsed(octets);
  const { thisUpdate, nextUpdate, unknownCriticalExtensions: unknown } = list;
  // RFC 5280 5.2.5: its serial numbers are not those of public key certificates
  if (list.scope?.onlyAttributeCertificates) {
    throw new CrlRefused('partial', 'it is about attribute certificates alone');
  }
  if (unknown.length > 0) {
    const what = 'it is a delta, or has other critical extensions that are not read here';
    throw new CrlRefused('partial', `${what}: ${unknown.slice(0, 8).join(', ')}`);
  }
  // RFC 5280 5.1.2.5: without it nobody could tell when it is stale
  if (nextUpdate === undefined || nextUpdate <= thisUpdate) {
    throw new CrlRefused('dates', 'it does not say when the next list comes');
  }
  if (thisUpdate > now) {
    throw new CrlRefused('future', `it is of ${thisUpdate.toISOString()}, which is still to come`);
  }
  return Object.assign(list, { nextUpdate });
}

/**
 * Which of the authorities signed the list. A name is not enough: the key decides.
 * @throws CrlRefused `unknown_issuer`, `forged`
 */
export function signerOf(list: Crl, authorities: readonly Certificate[]): Certificate {
  const named = authorities.filter(({ subject }) => sameDistinguishedName(subject, list.issuer));
  // RFC 5280 4.2.1.3
  const able = named.filter(({ keyUsage }) => keyUsage?.includes('cRLSign') !== false);
  if (able.length === 0) {
    const why =
      named.length > 0 ? 'may not sign lists (key usage without cRLSign)' : 'is neither the anchor nor below it';
    throw new CrlRefused('unknown_issuer', `its issuer ${list.issuer.text.slice(0, 200)} ${why}`);
  }
  const signer = able.find((authority) => isSigned(list, authority));
  if (signer) return signer;
  throw new CrlRefused('forged', 'its signature does not verify with the key of its issuer, or is weak');
}

/**
 * A list that was true once is not put in the place of a later one.
 * @param held the latest of the same authority; null: there is none
 * @throws CrlRefused `older`
 */
export function assertNotOlder(list: Crl, held: HeldCrl | null): void {
  if (!held?.this_update || held.sha256 === list.sha256) return;
  const earlier = list.thisUpdate < held.this_update;
  const lower = held.number !== null && list.number !== undefined && numberOf(list.number) < numberOf(held.number);
  if (!earlier && !lower) return;
  const shown = `number ${list.number ?? 'none'} of ${list.thisUpdate.toISOString()}`;
  const present = `number ${held.number ?? 'none'} of ${held.this_update.toISOString()}`;
  throw new CrlRefused('older', `it is ${shown}, and ${present} is held: it was replayed, or is out of date`);
}

function parsed(octets: string | Uint8Array): Crl {
  try {
    return parseCrl(octets);
  } catch (cause) {
    if (!(cause instanceof X509Error)) throw cause;
    const code = cause.code === 'private_key_present' ? 'private_key_present' : 'malformed';
    throw new CrlRefused(code, `it is ${cause.message}`, { cause });
  }
}

function isSigned(list: Crl, { x509 }: Certificate): boolean {
  try {
    return isSignedBy(list, x509.publicKey);
  } catch {
    return false;
  }
}

function numberOf(hex: string): bigint {
  return BigInt(`0x${hex}`);
}
