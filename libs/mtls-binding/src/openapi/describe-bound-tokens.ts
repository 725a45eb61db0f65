import { SCOPES_EXTENSION } from './scopes-extension.js';

export interface BoundTokenDescription {
  /** token endpoint of the issuer, the one that asks for a client certificate */
  readonly tokenUrl: string;
  /** what each scope allows, for people; scopes that routes need and this does not name are listed without */
  readonly scopes?: Readonly<Record<string, string>>;
}

interface Operation {
  security?: unknown;
  responses?: Record<string, unknown>;
  [SCOPES_EXTENSION]?: readonly string[];
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
  components?: { securitySchemes?: Record<string, unknown> };
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

const REFUSALS: Readonly<Record<string, { description: string; headers: object }>> = {
  401: {
    description: 'No access token, or one that is not valid here: expired, revoked, or bound to another certificate.',
    headers: headerOf('WWW-Authenticate', 'What is asked for (RFC 6750).'),
  },
  403: {
    description: 'The access token lacks a scope that this route needs.',
    headers: headerOf('WWW-Authenticate', 'Names the scopes.'),
  },
  503: {
    description: 'The access token cannot be judged right now.',
    headers: headerOf('Retry-After', 'Seconds to wait.'),
  },
};

function headerOf(name: string, description: string): object {
  return { [name]: { description, schema: { type: 'string' } } };
}

/**
 * Completes what `SwaggerModule.createDocument()` made: every operation whose route has `@RequireScope()` says that it takes a
 * client certificate and a token with those scopes (security schemes `mutualTLS` and `oauth2`), and answers 401, 403 and 503.
 * What the API already says of a status stays as it is; so does the security of an operation that has its own.
 * @returns the same document
 * @throws TypeError for a document of OpenAPI 3.0, which knows no mutual TLS: `new DocumentBuilder().setOpenAPIVersion('3.1.0')`
 *
 * Does not check: routes with `@AnyScope()`; they stay as they are.
 */
export function describeBoundTokens<ApiDocument extends { openapi: string; paths: object }>(
  document: ApiDocument,
  { tokenUrl, scopes = {} }: BoundTokenDescription,
): ApiDocument {
  if (/^[12]|^3\.0/.test(document.openapi)) {
    throw new TypeError(`describeBoundTokens() needs OpenAPI 3.1 or later, not ${document.openapi}`);
  }
  const { paths, ...rest } = document as unknown as Document;
  const all = new Map(Object.entries(scopes));
  for (const operation of Object.values(paths).flatMap(operationsOf)) {
    for (const scope of describeOperation(operation)) if (!all.has(scope)) all.set(scope, '');
  }
  const { securitySchemes, ...components } = rest.components ?? {};
  const flows = { clientCredentials: { tokenUrl, scopes: Object.fromEntries(all) } };
  const schemes = { mutualTLS: { type: 'mutualTLS' }, oauth2: { type: 'oauth2', flows }, ...securitySchemes };
  return Object.assign(document, { components: { ...components, securitySchemes: schemes } });
}

function operationsOf(path: Record<string, unknown>): Operation[] {
  return METHODS.flatMap((method) => (path[method] ? [path[method] as Operation] : []));
}

/** @returns the scopes it needs */
function describeOperation(operation: Operation): readonly string[] {
  const scopes = operation[SCOPES_EXTENSION];
  if (!scopes) return [];
  operation.security ??= [{ mutualTLS: [], oauth2: [...scopes] }];
  operation.responses = { ...REFUSALS, ...operation.responses };
  return scopes;
}
