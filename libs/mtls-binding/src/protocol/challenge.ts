import type { RefusedError } from './errors.js';

/**
 * The `WWW-Authenticate` value for a refusal (RFC 6750 section 3), or undefined when the answer carries none. // R6
 * @param resourceMetadataUrl where this API's RFC 9728 document stands
 */
export function challengeFor(refusal: RefusedError, resourceMetadataUrl: string | undefined): string | undefined {
  if (refusal.code === 'unavailable') return undefined;
  const parameters: string[] = [];
  if (refusal.code !== 'unauthorized') {
    parameters.push(quoted('error', refusal.code), quoted('error_description', refusal.publicText));
  }
  if (refusal.requiredScopes) parameters.push(quoted('scope', refusal.requiredScopes.join(' ')));
  if (resourceMetadataUrl) parameters.push(quoted('resource_metadata', resourceMetadataUrl));
  return parameters.length === 0 ? 'Bearer' : `Bearer ${parameters.join(', ')}`;
}

// error_description may hold neither '"' nor '\' (RFC 6750 section 3), and both would end a quoted string early.
function quoted(name: string, value: string): string {
  return `${name}="${value.replace(/["\\]/g, "'")}"`;
}
