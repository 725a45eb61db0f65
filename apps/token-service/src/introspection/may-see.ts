import type { RegisteredClient } from '../records/registered-client.entity.js';
import type { ClaimedToken } from '../issued-tokens/claimed-token.js';

/** A client sees its own tokens, a resource server those for its audience. // A31 */
export function maySee(
  caller: Pick<RegisteredClient, 'clientId' | 'introspects'>,
  { clientId, audience }: ClaimedToken,
): boolean {
  return clientId === caller.clientId || caller.introspects.includes(audience);
}
