import { z } from 'zod';
import { clientForm, parseClientRequest, type ClientRequest } from '../clients/authentication/client-request.js';
import { acceptsSignedAnswer } from './accepts-signed-answer.js';

/** A well-formed introspection request (RFC 7662 section 2.1, RFC 9701 section 4). */
export interface IntrospectionRequest extends ClientRequest {
  readonly token: string;
  /** Whether the answer is to be a JWT. */
  readonly signed: boolean;
}

// token_type_hint may be anything: there is one type of token here, found without a hint.
const form = clientForm({ token: z.string() });

/**
 * Parses the form of an introspection request. // A5, A10, A15, A30
 * @param body parameters by name; an array where one was repeated
 * @throws OAuthError
 */
export function parseIntrospectionRequest(
  body: unknown,
  { authorization, accept }: { authorization?: string | undefined; accept?: string | undefined },
): IntrospectionRequest {
  const { client, parameters } = parseClientRequest(form, body, authorization);
  return { ...client, token: parameters.token, signed: acceptsSignedAnswer(accept) };
}
