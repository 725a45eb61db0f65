import { z } from 'zod';
import { invalidClient, invalidRequest, type OAuthError } from '../../oauth-error/oauth-error.js';
import { claimedSubject } from '../assertions/claimed-subject.js';
import type { ClientAssertion } from './authentication-method.js';

/** Who sends a request to an OAuth endpoint, by its own word (RFC 6749 section 3.2, RFC 8705 section 2). */
export interface ClientRequest {
  /** Its `client_id`, or the `sub` of its assertion, not verified yet. */
  readonly clientId: string;
  readonly assertion?: ClientAssertion | undefined;
}

/** Of its parameters, those that this file looks at. */
interface ClientParameters {
  client_id?: string | undefined;
  client_assertion?: string | undefined;
  client_assertion_type?: string | undefined;
  client_secret?: unknown;
}

const clientParameters = {
  client_id: z.string().optional(),
  client_assertion: z.string().optional(),
  client_assertion_type: z.string().optional(),
};

/**
 * The form of an OAuth endpoint: its own parameters and those of client authentication. A repeated parameter arrives as
 * an array; the catchall refuses unknown ones repeated too (A30), other unknown ones are ignored (RFC 6749 section 3.2).
 */
export function clientForm<Own extends z.ZodRawShape>(own: Own) {
  return z.object({ ...clientParameters, ...own }).catchall(z.string());
}

/**
 * Parses a request to an OAuth endpoint. // A5, A10, A15, A30
 * @param form made once by `clientForm`
 * @param body parameters by name; an array where one was repeated
 * @param authorization the `Authorization` header, which no client of ours has a use for here
 * @throws OAuthError `invalid_request`
 */
export function parseClientRequest<Form extends ClientParameters>(
  form: z.ZodType<Form>,
  body: unknown,
  authorization: string | undefined,
): { client: ClientRequest; parameters: Form } {
  const sent = withoutEmpty(body);
  const parsed = form.safeParse(sent);
  if (!parsed.success) throw malformed(parsed.error, sent);
  assertNoOtherCredential(parsed.data, authorization);
  const assertion = assertionFrom(parsed.data);
  return { client: { clientId: clientIdFrom(parsed.data, assertion), assertion }, parameters: parsed.data };
}

// RFC 6749 section 3.2: a parameter without a value counts as not sent.
function withoutEmpty(body: unknown): Record<string, unknown> {
  const sent = body === null || typeof body !== 'object' ? {} : (body as Record<string, unknown>);
  if (!Object.values(sent).includes('')) return sent;
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== ''));
}

function malformed(error: z.ZodError, sent: Record<string, unknown>): OAuthError {
  const name = String(error.issues[0]?.path[0]);
  const fault = Array.isArray(sent[name]) ? 'is repeated' : 'is missing';
  return invalidRequest('request_malformed', `The parameter ${printable(name)} ${fault}.`);
}

// A5, A15: a secret is never a credential here, nor anything in Authorization; beside another one it makes two.
function assertNoOtherCredential(parameters: ClientParameters, authorization: string | undefined): void {
  const others = [
    authorization !== undefined && 'an Authorization header',
    parameters.client_secret !== undefined && 'client_secret',
  ].filter((name) => name !== false);
  if (others.length > 0) {
    throw invalidRequest(
      'credential_unexpected',
      `Authenticate by the one method registered for the client, without ${others.join(' and ')}.`,
    );
  }
}

// One is nothing without the other (RFC 7521 section 4.2).
function assertionFrom(parameters: ClientParameters): ClientAssertion | undefined {
  const { client_assertion: value, client_assertion_type: type } = parameters;
  if (value === undefined && type === undefined) return undefined;
  if (value === undefined || type === undefined) {
    throw invalidRequest('assertion_incomplete', 'client_assertion and client_assertion_type come together.');
  }
  return { type, value };
}

// Beside an assertion client_id is optional (RFC 7521 section 4.2); with a certificate alone it is not. // A10
function clientIdFrom(parameters: ClientParameters, assertion: ClientAssertion | undefined): string {
  const clientId = claimedClientId(parameters);
  if (clientId !== undefined) return clientId;
  if (assertion) throw invalidClient('assertion_sub', 'no client_id was sent, and the assertion has no sub to read');
  throw invalidRequest('request_malformed', 'The parameter client_id is missing.');
}

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

// error_description may hold only some of ASCII (RFC 6749 section 5.2), and a parameter name is the caller's text.
function printable(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, '?').slice(0, 64);
}
