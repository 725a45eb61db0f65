import { compactVerify, errors } from 'jose';
import type { ClientKey, ClientKeySet } from '@partner-ecosystem/x509';
import { invalidClient } from '../../oauth-error/oauth-error.js';
import { keysFor } from '../partner-keys/partner-key-set.js';
import { assertionClaims, type AssertionClaims, type AssertionRules } from './assertion-claims.js';
import type { AssertionHeader } from './assertion-header.js';

export interface VerifiedAssertion extends AssertionClaims {
  readonly key: ClientKey;
}

/**
 * RFC 7523 section 3 with the narrower rules of FAPI 2.0. // A6, A7
 * @throws OAuthError `invalid_client`
 *
 * Does not check: whether it was used before, and whose the key is.
 */
export async function verifyAssertion(
  assertion: string,
  header: AssertionHeader,
  keys: ClientKeySet,
  rules: AssertionRules,
): Promise<VerifiedAssertion> {
  const key = keyFor(keys, header);
  const payload = await payloadOf(assertion, key, header.alg);
  return { ...assertionClaims(payload, rules), key };
}

function keyFor(keys: ClientKeySet, header: AssertionHeader): ClientKey {
  const [key, ...others] = keysFor(keys, header);
  const sought = `${header.alg} and kid ${JSON.stringify(header.kid)}`;
  if (!key) throw invalidClient('assertion_key_unknown', `none of the client's keys is for ${sought}`);
  if (others.length > 0)
    throw invalidClient('assertion_key_ambiguous', `several of the client's keys are for ${sought}`);
  return key;
}

async function payloadOf(assertion: string, { publicKey }: ClientKey, alg: string): Promise<unknown> {
  try {
    const { payload } = await compactVerify(assertion, publicKey, { algorithms: [alg] });
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) as unknown;
  } catch (cause) {
    const forged = cause instanceof errors.JWSSignatureVerificationFailed;
    throw invalidClient(
      forged ? 'assertion_signature' : 'assertion_malformed',
      `the assertion cannot be verified: ${(cause as Error).message}`,
      { cause },
    );
  }
}
