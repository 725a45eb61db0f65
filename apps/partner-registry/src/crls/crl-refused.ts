/** Why a list is not put in the place of another. */
export type CrlFault =
  'malformed' | 'private_key_present' | 'partial' | 'dates' | 'future' | 'unknown_issuer' | 'forged' | 'older';

/** The message is for operators, and repeats nothing that is secret. */
export class CrlRefused extends Error {
  override readonly name = 'CrlRefused';

  constructor(
    readonly code: CrlFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
