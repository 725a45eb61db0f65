/** Ends a request early, in success: it repeats one that was carried out, and this is what that one was answered. */
export class AnsweredBefore extends Error {
  override readonly name = 'AnsweredBefore';

  constructor(readonly answer: unknown) {
    super('the request was carried out before');
  }
}
