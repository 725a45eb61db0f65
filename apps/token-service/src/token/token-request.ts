import { z } from 'zod';
import { invalidRequest, OAuthError } from '../oauth-error/oauth-error.js';

/** A well-formed token request (RFC 6749 section 4.4.2, RFC 8705 section 2, RFC 8707 section 2). */
export interface TokenRequest {
  readonly clientId: string;
  /** In the order asked for; undefined when none was asked. */
  readonly scopes: readonly string[] | undefined;
  /** An absolute URI without fragment; undefined when none was asked. */
  readonly resource: string | undefined;
  /** RFC 7521 section 4.2, as sent. */
  readonly assertion?: { readonly type: string; readonly value: string } | undefined;
}

const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
// A repeated parameter arrives as an array; the catchall refuses unknown ones repeated too (A30), other unknown ones are ignored (RFC 6749 section 3.2).
const form = z
  .object({
    grant_type: z.string(),
    client_id: z.string(),
    scope: z.string().optional(),
    client_assertion: z.string().optional(),
    client_assertion_type: z.string().optional(),
  })
  .catchall(z.string());

/**
 * Parses the form of a token request. // A2, A5, A10, A15, A23, A24, A30
 * @param body parameters by name; an array where one was repeated
 * @param authorization the `Authorization` header, which no client of ours has a use for here
 * @throws OAuthError
 */
export function parseTokenRequest(body: unknown, authorization: string | undefined): TokenRequest {
  const { resource, ...parameters } = withoutEmpty(body);
  const parsed = form.safeParse(parameters);
  if (!parsed.success) throw malformed(parsed.error, parameters);
  assertNoOtherCredential(parsed.data, authorization);
  if (parsed.data.grant_type !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'grant_type', 'grant_type is not client_credentials', {
      description: 'Only grant_type=client_credentials is supported.',
    });
  }
  return {
    clientId: parsed.data.client_id,
    scopes: scopesFrom(parsed.data.scope),
    resource: resourceFrom(resource),
    assertion: assertionFrom(parsed.data),
  };
}

// RFC 6749 section 3.2: a parameter without a value counts as not sent.
function withoutEmpty(body: unknown): Record<string, unknown> {
  const sent = body === null || typeof body !== 'object' ? {} : body;
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
}

function malformed(error: z.ZodError, parameters: Record<string, unknown>): OAuthError {
  const name = String(error.issues[0]?.path[0]);
  const fault = Array.isArray(parameters[name]) ? 'is repeated' : 'is missing';
  return invalidRequest('request_malformed', `The parameter ${printable(name)} ${fault}.`);
}

// A5, A15: a secret is never a credential here, nor anything in Authorization; beside another one it makes two.
function assertNoOtherCredential(
  parameters: Record<string, string | undefined>,
  authorization: string | undefined,
): void {
  const others = [
    authorization !== undefined && 'an Authorization header',
    parameters['client_secret'] !== undefined && 'client_secret',
  ].filter((name) => name !== false);
  if (others.length > 0) {
    throw invalidRequest(
      'credential_unexpected',
      `Authenticate by the one method registered for the client, without ${others.join(' and ')}.`,
    );
  }
}

// One is nothing without the other (RFC 7521 section 4.2).
function assertionFrom(parameters: z.infer<typeof form>): TokenRequest['assertion'] {
  const { client_assertion: value, client_assertion_type: type } = parameters;
  if (value === undefined && type === undefined) return undefined;
  if (value === undefined || type === undefined) {
    throw invalidRequest('assertion_incomplete', 'client_assertion and client_assertion_type come together.');
  }
  return { type, value };
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

// error_description may hold only some of ASCII (RFC 6749 section 5.2), and a parameter name is the caller's text.
function printable(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, '?').slice(0, 64);
}
