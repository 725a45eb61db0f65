import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { invalidClient } from '../../oauth-error/oauth-error.js';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** With what assertions may be signed. // A19 */
export const ASSERTION_ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'Ed25519'] as const;

/** RFC 8725 section 3.11: a token of another type is no assertion, whoever signed it. */
const TYPES = new Set(['jwt', 'client-authentication+jwt']);
/** Ways to bring or point at a key of one's own; `crit`, as there is no extension here that must be understood. */
const REFUSED = ['jwk', 'jku', 'x5u', 'crit'];
/** Characters. */
export const LONGEST_ASSERTION = 8_192;

export interface AssertionHeader {
  readonly alg: string;
  readonly kid: string | undefined;
}

/**
 * What an assertion says about how it was signed. // A6, A19, A21
 * @throws OAuthError `invalid_client`
 *
 * Does not check: the signature.
 */
export function assertionHeader({ type, value }: { type: string; value: string }): AssertionHeader {
  if (type !== ASSERTION_TYPE) throw invalidClient('assertion_type', 'client_assertion_type is not that of a JWT');
  if (value.length > LONGEST_ASSERTION) {
    throw invalidClient('assertion_malformed', `longer than ${LONGEST_ASSERTION} characters`);
  }
  const { alg, kid, typ, ...others } = decoded(value);
  const refused = REFUSED.filter((name) => name in others);
  if (refused.length > 0) throw invalidClient('assertion_header', `the header has ${refused.join(', ')}`);
  if (typ !== undefined && !isAssertionType(typ)) {
    throw invalidClient('assertion_header', `the header has the type ${JSON.stringify(typ)}`);
  }
  if (kid !== undefined && typeof kid !== 'string') throw invalidClient('assertion_header', 'kid is not a string');
  if (!isAssertionAlgorithm(alg)) throw invalidClient('assertion_algorithm', `signed with ${JSON.stringify(alg)}`);
  return { alg, kid };
}

function decoded(value: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(value);
  } catch (cause) {
    throw invalidClient('assertion_malformed', 'not a JWS in compact serialization', { cause });
  }
}

function isAssertionType(typ: unknown): boolean {
  return typeof typ === 'string' && TYPES.has(typ.toLowerCase().replace(/^application\//, ''));
}

function isAssertionAlgorithm(alg: unknown): alg is (typeof ASSERTION_ALGORITHMS)[number] {
  return (ASSERTION_ALGORITHMS as readonly unknown[]).includes(alg);
}
