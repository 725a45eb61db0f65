import { sameDistinguishedName, X509Error, type Certificate } from '@partner-ecosystem/x509';
import { isSignedBy, parseRevocationList, type RevocationList } from '@partner-ecosystem/x509/path';
import type { HeldRevocationList } from './held-revocation-list.entity.js';
import { RevocationListRefused } from './revocation-list-refused.js';

/** A whole list with its dates. */
export type SoundList = RevocationList & { readonly nextUpdate: Date };

/**
 * Reads a list and holds it against everything that takes neither its authority nor the lists before it.
 * @throws RevocationListRefused `malformed`, `private_key_present`, `partial`, `dates`, `future`
 */
export function soundRevocationList(octets: string | Uint8Array, now: Date): SoundList {
  const list = parsed(octets);
  const { thisUpdate, nextUpdate, unknownCriticalExtensions: unknown } = list;
  if (unknown.length > 0) {
    const what = 'it is indirect, a delta or a part, or has other critical extensions that are not read here';
    throw new RevocationListRefused('partial', `${what}: ${unknown.slice(0, 8).join(', ')}`);
  }
  // RFC 5280 5.1.2.5: without it nobody could tell when it is stale
  if (nextUpdate === undefined || nextUpdate <= thisUpdate) {
    throw new RevocationListRefused('dates', 'it does not say when the next list comes');
  }
  if (thisUpdate > now) {
    throw new RevocationListRefused('future', `it is of ${thisUpdate.toISOString()}, which is still to come`);
  }
  return Object.assign(list, { nextUpdate });
}

/**
 * Which of the authorities signed the list. A name is not enough: the key decides.
 * @throws RevocationListRefused `unknown_issuer`, `forged`
 */
export function signerOf(list: RevocationList, authorities: readonly Certificate[]): Certificate {
  const named = authorities.filter(({ subject }) => sameDistinguishedName(subject, list.issuer));
  // RFC 5280 4.2.1.3
  const able = named.filter(({ keyUsage }) => keyUsage?.includes('cRLSign') !== false);
  if (able.length === 0) {
    const why =
      named.length > 0 ? 'may not sign lists (key usage without cRLSign)' : 'is neither the anchor nor below it';
    throw new RevocationListRefused('unknown_issuer', `its issuer ${list.issuer.text.slice(0, 200)} ${why}`);
  }
  const signer = able.find((authority) => isSigned(list, authority));
  if (signer) return signer;
  throw new RevocationListRefused('forged', 'its signature does not verify with the key of its issuer, or is weak');
}

/**
 * A list that was true once is not put in the place of a later one.
 * @param held the latest of the same authority; null: there is none
 * @throws RevocationListRefused `older`
 */
export function assertNotOlder(list: RevocationList, held: HeldRevocationList | null): void {
  if (!held?.this_update || held.sha256 === list.sha256) return;
  const earlier = list.thisUpdate < held.this_update;
  const lower = held.number !== null && list.number !== undefined && numberOf(list.number) < numberOf(held.number);
  if (!earlier && !lower) return;
  const shown = `number ${list.number ?? 'none'} of ${list.thisUpdate.toISOString()}`;
  const present = `number ${held.number ?? 'none'} of ${held.this_update.toISOString()}`;
  throw new RevocationListRefused(
    'older',
    `it is ${shown}, and ${present} is held: it was replayed, or is out of date`,
  );
}

function parsed(octets: string | Uint8Array): RevocationList {
  try {
    return parseRevocationList(octets);
  } catch (cause) {
    if (!(cause instanceof X509Error)) throw cause;
    const code = cause.code === 'private_key_present' ? 'private_key_present' : 'malformed';
    throw new RevocationListRefused(code, `it is ${cause.message}`, { cause });
  }
}

function isSigned(list: RevocationList, { x509 }: Certificate): boolean {
  try {
    return isSignedBy(list, x509.publicKey);
  } catch {
    return false;
  }
}

function numberOf(hex: string): bigint {
  return BigInt(`0x${hex}`);
}
