import type { Fault } from './fault.js';

const SERVICE = 'apps/token-service/src';
const SERVICE_SPEC = `${SERVICE}/token-service.spec.ts`;
const METADATA = `${SERVICE}/metadata/authorization-server-metadata.ts`;
const CLIENT_REQUEST = `${SERVICE}/clients/authentication/client-request.ts`;
const REQUEST = `${SERVICE}/token/token-request.ts`;
const REQUEST_SPEC = `${SERVICE}/token/token-request.spec.ts`;
const GRANT = `${SERVICE}/token/decide-grant.ts`;
const GRANT_SPEC = `${SERVICE}/token/decide-grant.spec.ts`;
const RESPONSE = `${SERVICE}/token/token-response.ts`;
const RESPONSE_SPEC = `${SERVICE}/token/token-response.spec.ts`;
const OAUTH_ERROR_SPEC = `${SERVICE}/oauth-error/oauth-error-from.spec.ts`;

/** What is asked for, decided and answered. */
export const TOKEN_FAULTS: readonly Fault[] = [
  {
    rule: 'A1',
    then: 'publishes the issuer with a slash at its end',
    file: METADATA,
    find: 'issuer: identity.issuer,',
    replace: 'issuer: `${identity.issuer}/`,',
    spec: SERVICE_SPEC,
  },
  {
    rule: 'A2',
    then: 'serves the password grant like its own',
    file: REQUEST,
    find: "parameters.grant_type !== 'client_credentials'",
    replace: "!['client_credentials', 'password'].includes(parameters.grant_type)",
    spec: REQUEST_SPEC,
  },
  {
    rule: 'A5',
    then: 'overlooks a client secret',
    file: CLIENT_REQUEST,
    find: "parameters.client_secret !== undefined && 'client_secret',",
    replace: '',
    spec: REQUEST_SPEC,
  },
  {
    rule: 'A8',
    then: 'gives the scopes of every audience',
    file: GRANT,
    find: 'live.filter((grant) => grant.audience === audience);',
    replace: 'live;',
    spec: GRANT_SPEC,
  },
  {
    rule: 'A8',
    then: 'gives all that was granted instead of what was asked for',
    file: GRANT,
    find: 'if (scopes === undefined) return granted;',
    replace: 'if (scopes !== null) return granted;',
    spec: GRANT_SPEC,
  },
  {
    rule: 'A8',
    then: 'forgets that a grant may end',
    file: GRANT,
    find: 'valid_until === null || secondsUntil(new Date(valid_until), now) >= 1',
    replace: 'valid_until !== undefined',
    spec: GRANT_SPEC,
  },
  {
    rule: 'A8',
    then: 'does not say which scopes it gave',
    file: RESPONSE,
    find: ", scope: scopes.join(' ') };",
    replace: ", scope: '' };",
    spec: RESPONSE_SPEC,
  },
  {
    rule: 'A9',
    then: 'lets an operator send a client_id',
    file: 'apps/partner-registry/src/clients/client.schema.ts',
    find: 'export const newClient = z.strictObject({',
    replace: 'export const newClient = z.object({',
    spec: 'apps/partner-registry/src/clients/clients.spec.ts',
  },
  {
    rule: 'A10',
    then: 'does without client_id',
    file: CLIENT_REQUEST,
    find: '  client_id: z.string(),',
    replace: "  client_id: z.string().default(''),",
    spec: REQUEST_SPEC,
  },
  {
    rule: 'A11',
    then: 'gives no challenge to a client that tried an Authorization header',
    file: `${SERVICE}/oauth-error/oauth-error.filter.ts`,
    find: 'if (status === 401 && scheme)',
    replace: 'if (status === 499 && scheme)',
    spec: `${SERVICE}/token-service.spec.ts`,
  },
  {
    rule: 'A11',
    then: 'tells a stranger which check failed',
    file: `${SERVICE}/oauth-error/oauth-error.ts`,
    find: 'description: SAME_FOR_EVERY_CLIENT });',
    replace: 'description: message });',
    spec: OAUTH_ERROR_SPEC,
  },
  {
    rule: 'A18',
    then: 'answers errors as another type than JSON',
    file: `${SERVICE}/oauth-error/oauth-error.filter.ts`,
    find: "    .header('content-type', 'application/json')",
    replace: "    .header('content-type', 'text/plain')",
    spec: SERVICE_SPEC,
  },
  {
    rule: 'A23',
    then: 'ignores the resource that was asked for',
    file: GRANT,
    find: 'request.resource ?? client.defaultResource',
    replace: 'client.defaultResource ?? request.resource',
    spec: GRANT_SPEC,
  },
  {
    rule: 'A23',
    then: 'takes the first of two resources',
    file: REQUEST,
    find: "  if (typeof resource !== 'string')",
    replace: "  if (Array.isArray(resource)) return resourceFrom(resource[0]);\n  if (typeof resource !== 'string')",
    spec: REQUEST_SPEC,
  },
  {
    rule: 'A23',
    then: 'takes a resource with a fragment',
    file: REQUEST,
    find: " || resource.includes('#')",
    replace: '',
    spec: REQUEST_SPEC,
  },
  {
    rule: 'A24',
    then: 'calls an unknown grant type a malformed request',
    file: REQUEST,
    find: "new OAuthError('unsupported_grant_type',",
    replace: "new OAuthError('invalid_request',",
    spec: REQUEST_SPEC,
  },
  {
    rule: 'A24',
    then: 'blames the caller when the database is away',
    file: `${SERVICE}/oauth-error/oauth-error-from.ts`,
    find: "return ours('temporarily_unavailable', 'database_unavailable', thrown);",
    replace: "return ours('invalid_request', 'database_unavailable', thrown);",
    spec: OAUTH_ERROR_SPEC,
  },
  {
    rule: 'A26',
    then: 'lets refusals be cached',
    file: `${SERVICE}/oauth-error/oauth-error.filter.ts`,
    find: "    .header('cache-control', 'no-store')",
    replace: "    .header('cache-control', 'max-age=60')",
    spec: SERVICE_SPEC,
  },
  {
    rule: 'A26',
    then: 'does not say how long a token lives',
    file: RESPONSE,
    find: 'expires_in: lifetime, ',
    replace: '',
    spec: RESPONSE_SPEC,
  },
  {
    rule: 'A27',
    then: 'lets a token outlive its certificate',
    file: GRANT,
    find: '[certificateUsableUntil, ...endsOf(chosen)]',
    replace: 'endsOf(chosen)',
    spec: GRANT_SPEC,
  },
  {
    rule: 'A27',
    then: 'lets a token outlive its grant',
    file: GRANT,
    find: '[certificateUsableUntil, ...endsOf(chosen)]',
    replace: '[certificateUsableUntil]',
    spec: GRANT_SPEC,
  },
  {
    rule: 'A30',
    then: 'keeps the last of two parameters',
    file: `${SERVICE}/token/form-body.ts`,
    find: "parse(text, '&', '=', { maxKeys: 0 })",
    replace: 'Object.fromEntries(new URLSearchParams(text))',
    spec: REQUEST_SPEC,
  },
  {
    rule: 'A30',
    then: 'reads JSON bodies',
    file: `${SERVICE}/serve-token-service.ts`,
    find: 'refuseJsonBody(app); // A30',
    replace: '',
    spec: SERVICE_SPEC,
  },
  {
    rule: 'A30',
    then: 'reads bodies of any size',
    file: `${SERVICE}/serve-token-service.ts`,
    find: 'const BODY_LIMIT_BYTES = 16_384;',
    replace: 'const BODY_LIMIT_BYTES = 1_638_400;',
    spec: SERVICE_SPEC,
  },
];
