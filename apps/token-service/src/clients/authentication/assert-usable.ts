import { invalidClient } from '../../oauth-error/oauth-error.js';
import type { RegisteredClient } from '../../records/registered-client.entity.js';

/** @throws OAuthError `invalid_client` unless client and partner are active */
export function assertUsable(client: RegisteredClient): void {
  if (client.clientStatus !== 'active')
    throw invalidClient('client_not_active', `the client is ${client.clientStatus}`);
  if (client.partnerStatus !== 'active')
    throw invalidClient('partner_not_active', `the partner is ${client.partnerStatus}`);
  if (!client.usable) throw invalidClient('client_not_usable', 'the registry does not let this client be used');
}
