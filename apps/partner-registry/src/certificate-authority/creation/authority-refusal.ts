export type AuthorityRefusalCode =
  /** The environment has one; its successor has to be asked for. */
  | 'authority_exists'
  /** The directory of the root holds something else, or half of it. */
  | 'root_directory_unusable'
  | 'passphrase_wrong'
  | 'passphrase_weak'
  /** The root has ended, or ends too soon for what is asked. */
  | 'root_expired'
  | 'authority_unknown';

/** `create-ca` does not do what was asked; `message` is a sentence for the operator and names no secret. */
export class AuthorityRefusal extends Error {
  override readonly name = 'AuthorityRefusal';

  constructor(
    readonly code: AuthorityRefusalCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
