export type SigningKeysErrorCode =
  /** They were not read for too long: one of them may be distrusted by now. */
  | 'signing_keys_stale'
  /** No key of the algorithm is current. */
  | 'signing_key_absent'
  /** Another replica or command moved keys for longer than one waits. */
  | 'signing_keys_busy'
  /** A command named a key that is not stored. */
  | 'signing_key_unknown';

/** A signing key cannot be had right now; nothing is ever signed with a makeshift. Callers answer 503. */
export class SigningKeysError extends Error {
  override readonly name = 'SigningKeysError';

  constructor(
    readonly code: SigningKeysErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
