import { malformedHeader } from './malformed-header.js';

/**
 * Undoes percent-encoding that was done in one way only: written back it must give the same text, so that a value which
 * something on its way decoded, encoded twice or mangled is refused instead of guessed at.
 * @param safe characters besides the unreserved ones (RFC 3986) that the proxy leaves as they are
 * @throws RefusedError `certificate_header_malformed`
 */
export function percentDecoded(value: string, safe = ''): string {
  const text = decoded(value);
  if (percentEncoded(text, safe) !== value) throw malformedHeader('is not percent-encoded as this proxy does it');
  return text;
}

/** @param safe characters besides the unreserved ones (RFC 3986) that stay as they are */
export function percentEncoded(text: string, safe = ''): string {
  return [...safe].reduce((all, one) => all.replaceAll(encodeURIComponent(one), one), encodeURIComponent(text));
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw malformedHeader('is not percent-encoded', { cause });
  }
}
