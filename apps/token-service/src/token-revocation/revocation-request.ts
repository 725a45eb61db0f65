import { z } from 'zod';
import { clientForm, parseClientRequest, type ClientRequest } from '../clients/authentication/client-request.js';

/** A well-formed revocation request (RFC 7009 section 2.1). */
export interface RevocationRequest extends ClientRequest {
  readonly token: string;
}

// token_type_hint may be anything, as RFC 7009 section 2.2.1 has it: there is one type of token here.
const form = clientForm({ token: z.string() });

/**
 * Parses the form of a revocation request. // A5, A10, A15, A30
 * @param body parameters by name; an array where one was repeated
 * @throws OAuthError
 */
export function parseRevocationRequest(body: unknown, authorization: string | undefined): RevocationRequest {
  const { client, parameters } = parseClientRequest(form, body, authorization);
  return { ...client, token: parameters.token };
}
