/** Ends a request early, in success: it repeats one that was carried out, and this is what that one was answered. */
export class RepeatedRequest extends Error {
  override readonly name = 'RepeatedRequest';

  /** @param revocationSeq the highest number that it recorded for the guards' feed; undefined: none */
  constructor(
    readonly answer: unknown,
    readonly revocationSeq: number | undefined,
  ) {
    super('the request was carried out before');
  }
}
