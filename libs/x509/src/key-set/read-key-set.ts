import { X509Error } from '../x509-error.js';
import { clientKey, type ClientKey } from './client-key.js';

const MOST_KEYS = 100;

/** A member of a key set that is of no use here. */
export interface PassedOverKey {
  /** Its place among `keys`, from 0. */
  readonly at: number;
  /** In words for the one who wrote it. */
  readonly reason: string;
}

/** What a client's JWK Set holds. */
export interface ClientKeySet {
  readonly keys: readonly ClientKey[];
  readonly passedOver: readonly PassedOverKey[];
}

/**
 * Reads the JWK Set of a client, whether it was registered with it or fetched from its `jwks_uri`. As RFC 7517 sections 4
 * and 5 say, members that are not known are ignored, and keys that are of no use here are passed over. // A42
 * @param document parsed JSON
 * @throws X509Error `key_set_malformed` when it is no JWK Set of at most 100 keys
 *
 * Does not check: that any key is left; dates and strength of the certificates.
 */
export function readKeySet(document: unknown): ClientKeySet {
  const members = (document as { keys?: unknown } | null | undefined)?.keys;
  if (!Array.isArray(members) || members.length > MOST_KEYS) {
    throw new X509Error('key_set_malformed', `not a JWK Set of at most ${MOST_KEYS} keys`);
  }
  const keys: ClientKey[] = [];
  const passedOver: PassedOverKey[] = [];
  members.forEach((member, at) => {
    const key = clientKey(member);
    if (typeof key === 'string') passedOver.push({ at, reason: key });
    else keys.push(key);
  });
  return { keys, passedOver };
}
