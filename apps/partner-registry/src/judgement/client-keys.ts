import { readKeySet, type ClientKey, type PassedOverKey } from '@partner-ecosystem/x509';
import type { AuthenticationMethod } from '../records/client.entity.js';

/** The keys of a set that a method can use, and why it cannot use the others. */
export interface KeysOfMethod {
  readonly keys: readonly ClientKey[];
  readonly passedOver: readonly PassedOverKey[];
}

/**
 * @param document a JWK Set, as it was given or as it is kept
 * @throws X509Error when it is none
 *
 * Does not check: dates and strength of the certificates.
 */
export function keysOfMethod(document: object, method: AuthenticationMethod): KeysOfMethod {
  const { keys, passedOver, places } = read(document);
  const reasonOf = method === 'self_signed_tls_client_auth' ? whyNoCertificate : whyNoSignature;
  const reasons = keys.map(reasonOf);
  const unfit = reasons.flatMap((reason, index) => (reason === undefined ? [] : [{ at: places[index]!, reason }]));
  return {
    keys: keys.filter((_, index) => reasons[index] === undefined),
    passedOver: [...passedOver, ...unfit].sort((one, other) => one.at - other.at),
  };
}

function read(document: object) {
  const { keys, passedOver } = readKeySet(document);
  const skipped = new Set(passedOver.map(({ at }) => at));
  const count = keys.length + passedOver.length;
  const places = Array.from({ length: count }, (_, at) => at).filter((at) => !skipped.has(at));
  return { keys, passedOver, places };
}

function whyNoCertificate({ certificate }: ClientKey): string | undefined {
  return certificate ? undefined : 'it comes without a certificate of its own in x5c';
}

function whyNoSignature({ algorithms }: ClientKey): string | undefined {
  return algorithms.length > 0 ? undefined : 'no assertion may be signed with it: ES256, PS256 or EdDSA';
}
