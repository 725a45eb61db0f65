import { jwkSet, publicJwk } from './key-set.schema.js';
import { partnerKeyFrom, type PartnerKey } from './partner-key.js';
import { PartnerKeysError } from './partner-keys-error.js';

export interface PartnerKeySet {
  readonly keys: readonly PartnerKey[];
}

/**
 * Reads a JWK Set. As RFC 7517 section 5 says, keys that cannot be used here are passed over.
 * @throws PartnerKeysError `partner_keys_malformed` when it is no JWK Set
 */
export function partnerKeySet(document: unknown): PartnerKeySet {
  const set = jwkSet.safeParse(document);
  if (!set.success) throw new PartnerKeysError('malformed', 'not a JWK Set of at most 100 keys', { cause: set.error });
  const keys = set.data.keys.flatMap((member) => {
    const jwk = publicJwk.safeParse(member);
    return jwk.success ? [partnerKeyFrom(jwk.data)] : [];
  });
  return { keys: keys.filter((key) => key !== undefined) };
}

/** Those an assertion with this header may have been signed with: by `kid` if it names one, then by what the key is. */
export function keysFor({ keys }: PartnerKeySet, header: { alg: string; kid: string | undefined }): PartnerKey[] {
  const named = header.kid === undefined ? keys : keys.filter(({ kid }) => kid === header.kid);
  return named.filter(({ algorithms }) => algorithms.includes(header.alg));
}

/** The certificate of the set that has this thumbprint. // A13 */
export function certificateIn({ keys }: PartnerKeySet, thumbprint: string): PartnerKey['certificate'] {
  return keys.find(({ certificate }) => certificate?.thumbprint === thumbprint)?.certificate;
}
