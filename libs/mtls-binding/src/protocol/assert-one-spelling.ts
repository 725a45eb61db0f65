import { RefusedError } from './errors.js';

/**
 * The signature of a JWT has one spelling here: base64url without padding, unused bits zero. Decoders pass over both, so that
 * one token would have many texts, and whoever knows tokens by their text would not know them again.
 * @throws RefusedError `invalid_token`
 */
export function assertOneSpelling(token: string): void {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  if (Buffer.from(signature, 'base64url').toString('base64url') === signature) return;
  throw new RefusedError('invalid_token', 'token_malformed', 'the signature is not base64url in its one spelling');
}
