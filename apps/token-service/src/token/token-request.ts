import { z } from 'zod';
import { clientForm, parseClientRequest, type ClientRequest } from '../clients/authentication/client-request.js';
import { OAuthError } from '../oauth-error/oauth-error.js';

/** A well-formed token request (RFC 6749 section 4.4.2, RFC 8705 section 2, RFC 8707 section 2). */
export interface TokenRequest extends ClientRequest {
  /** In the order asked for; undefined when none was asked. */
  readonly scopes: readonly string[] | undefined;
  /** An absolute URI without fragment; undefined when none was asked. */
  readonly resource: string | undefined;
}

const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
const form = clientForm({
  grant_type: z.string(),
  scope: z.string().optional(),
  resource: z.unknown().optional(), // the one parameter with an error of its own when it is repeated // A23
});

/**
 * Parses the form of a token request. // A2, A5, A10, A15, A23, A24, A30
 * @param body parameters by name; an array where one was repeated
 * @param authorization the `Authorization` header, which no client of ours has a use for here
 * @throws OAuthError
 */
export function parseTokenRequest(body: unknown, authorization: string | undefined): TokenRequest {
  const { client, parameters } = parseClientRequest(form, body, authorization);
  if (parameters.grant_type !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'grant_type', 'grant_type is not client_credentials', {
      description: 'Only grant_type=client_credentials is supported.',
    });
  }
  return { ...client, scopes: scopesFrom(parameters.scope), resource: resourceFrom(parameters.resource) };
}

function scopesFrom(scope: string | undefined): readonly string[] | undefined {
  if (scope === undefined) return undefined;
  const scopes = [...new Set(scope.split(' '))];
  if (!scopes.every((name) => SCOPE_TOKEN.test(name))) {
    throw new OAuthError('invalid_scope', 'scope_malformed', 'the scope parameter is malformed', {
      description: 'scope must be scope names separated by single spaces.',
    });
  }
  return scopes;
}

function resourceFrom(resource: unknown): string | undefined {
  if (resource === undefined) return undefined;
  if (typeof resource !== 'string')
    throw invalidTarget('resource_repeated', 'One resource per token: ask once for each.');
  if (!URL.canParse(resource) || resource.includes('#')) {
    throw invalidTarget('resource_malformed', 'resource must be an absolute URI without a fragment.');
  }
  return resource;
}

export function invalidTarget(check: string, description: string): OAuthError {
  return new OAuthError('invalid_target', check, description, { description });
}
