import { readKeySet, X509Error, type ClientKey, type ClientKeySet } from '@partner-ecosystem/x509';
import { PartnerKeysError } from './partner-keys-error.js';

/**
 * Reads a JWK Set by the rules that the registry registers one by. // A42
 * @throws PartnerKeysError `partner_keys_malformed` when it is no JWK Set
 */
export function partnerKeySet(document: unknown): ClientKeySet {
  try {
    return readKeySet(document);
  } catch (cause) {
    throw cause instanceof X509Error ? new PartnerKeysError('malformed', cause.message, { cause }) : cause;
  }
}

/** Those an assertion with this header may have been signed with: by `kid` if it names one, then by what the key is. */
export function keysFor({ keys }: ClientKeySet, header: { alg: string; kid: string | undefined }): ClientKey[] {
  const named = header.kid === undefined ? keys : keys.filter(({ kid }) => kid === header.kid);
  return named.filter(({ algorithms }) => algorithms.includes(header.alg));
}

/** The certificate of the set that has this thumbprint. // A13 */
export function certificateIn({ keys }: ClientKeySet, thumbprint: string): ClientKey['certificate'] {
  return keys.find(({ certificate }) => certificate?.thumbprint === thumbprint)?.certificate;
}
