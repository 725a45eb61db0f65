import { invalidClient } from '../../oauth-error/oauth-error.js';
import { assertionHeader } from '../assertions/assertion-header.js';
import { verifyAssertion } from '../assertions/verify-assertion.js';
import { assertOwnKey } from '../certificate-policy/assert-own-key.js';
import { keysFor } from '../partner-keys/partner-key-set.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';
import type { AuthenticationNeeds, ClientAssertion } from './authentication-method.js';

/**
 * RFC 7523 section 2.2: an assertion signed with one of the client's keys, for once. // A6, A7
 * Rejects with OAuthError `invalid_client`, or with what is needed and cannot be had.
 */
export async function privateKeyJwt(
  client: RegisteredClient,
  assertion: ClientAssertion,
  now: Date,
  { issuer, keysOf, ownerOf, useOnce }: AuthenticationNeeds,
): Promise<void> {
  const { clientId } = client;
  const header = assertionHeader(assertion);
  const keys = await keysOf(client, (set) => keysFor(set, header).length > 0);
  const verified = await verifyAssertion(assertion.value, header, keys, { clientId, issuer, now });
  const { spkiSha256 } = verified.key;
  assertOwnKey(client, spkiSha256, await ownerOf(spkiSha256));
  // Last of all: what is refused for another reason uses nothing up, so that nobody can spoil another's assertion.
  if (!(await useOnce(clientId, verified))) {
    throw invalidClient(
      'assertion_replayed',
      `the assertion with the jti ${JSON.stringify(verified.jti)} was used before`,
    );
  }
}
