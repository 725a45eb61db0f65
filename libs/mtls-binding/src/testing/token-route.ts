import type { IncomingMessage, ServerResponse } from 'node:http';
import { tlsSocket } from '../certificate-source/tls-socket.js';
import { answerJson } from './answer-json.js';
import type { IssuerParts } from './issuer-parts.js';

const source = tlsSocket();

/** `POST /token`: a bound token for whoever presents a certificate. */
export async function answerTokenRequest(
  { issuer, settings, tokens }: IssuerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const form = new URLSearchParams(await textOf(request));
  const clientId = form.get('client_id');
  const certificate = source.evidenceOf(request);
  if (!certificate || !clientId) {
    response.setHeader('www-authenticate', 'OAuth-Client-Authentication error="invalid_client"');
    return answerJson(response, 401, { error: 'invalid_client' });
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return answerJson(response, 400, { error: 'unsupported_grant_type' });
  }
  const scope = form.get('scope') ?? '';
  const audience = form.get('resource') ?? issuer;
  const lifetime = settings.tokenLifetime;
  const token = await tokens.issue({ certificate, clientId, audience, scopes: scope.split(' '), lifetime });
  answerJson(response, 200, { access_token: token, token_type: 'Bearer', expires_in: lifetime, scope });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
