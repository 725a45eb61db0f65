import type { Answer, HttpsClient, Identity } from './https-client.js';

export interface TokenRequest {
  tokenEndpoint: string;
  clientId: string;
  identity?: Identity | undefined;
  scope?: string;
  /** the audience wanted, RFC 8707 */
  resource?: string;
}

/** `POST /token` with a client certificate, RFC 8705 section 2. Does not check: what came back. */
export function requestToken(client: HttpsClient, request: TokenRequest): Promise<Answer> {
  const { tokenEndpoint, clientId, identity, scope, resource } = request;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    ...(scope !== undefined && { scope }),
    ...(resource !== undefined && { resource }),
  };
  return client.send({ url: tokenEndpoint, identity, form });
}
