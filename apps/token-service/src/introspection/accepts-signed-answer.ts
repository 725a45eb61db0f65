/** RFC 9701 section 4. */
export const SIGNED_ANSWER_TYPE = 'application/token-introspection+jwt';

const JSON_TYPE = 'application/json';

/**
 * Whether the caller asks for the signed answer: it has to name it, a wildcard does not, and not prefer JSON to it.
 * @param accept the `Accept` header (RFC 9110 section 12.5.1)
 */
export function acceptsSignedAnswer(accept: string | undefined): boolean {
  const weights = new Map((accept ?? '').split(',').map(rangeOf));
  const signed = weights.get(SIGNED_ANSWER_TYPE) ?? 0;
  return signed > 0 && signed >= (weights.get(JSON_TYPE) ?? 0);
}

function rangeOf(text: string): [type: string, weight: number] {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return [type, weight === undefined ? 1 : Number(weight) || 0];
}
