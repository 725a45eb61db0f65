/** Why a list is not put in the place of another. */
export type RevocationListFault =
  'malformed' | 'private_key_present' | 'partial' | 'dates' | 'future' | 'unknown_issuer' | 'forged' | 'older';

/** The message is for operators, and repeats nothing that is secret. */
export class RevocationListRefused extends Error {
  override readonly name = 'RevocationListRefused';

  constructor(
    readonly code: RevocationListFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
