import { claimedSubject } from '../assertions/claimed-subject.js';

/**
 * Which client a request to an OAuth endpoint claims to come from: `client_id`, or the `sub` of its assertion where it
 * sends none (RFC 7521 section 4.2).
 * @param body parameters by name, parsed or as they came
 *
 * Does not check: whether it is that client. `verifyAssertion` also checks that both are the same.
 */
export function claimedClientId(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { client_id: clientId, client_assertion: assertion } = body as Record<string, unknown>;
  if (typeof clientId === 'string' && clientId !== '') return clientId;
  return clientId === undefined && typeof assertion === 'string' ? claimedSubject(assertion) : undefined;
}
