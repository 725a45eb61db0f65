/**
 * Why nothing could be had from an address. Temporary: trying again may help, without anybody mending anything.
 */
const TEMPORARY = {
  /** no address, no connection, no answer in time, or a server that says it cannot now */
  unreachable: true,
  /** the server's certificate is not one that may speak for that name */
  untrusted: false,
  /** the name leads to an address that is not on the public Internet */
  address_forbidden: false,
  redirected: false,
  too_large: false,
  /** another status than 200 */
  status: false,
  /** no URL that may be fetched, or an answer of another form */
  malformed: false,
} as const satisfies Record<string, boolean>;

export type BoundedGetFault = keyof typeof TEMPORARY;

export class BoundedGetError extends Error {
  override readonly name = 'BoundedGetError';
  readonly temporary: boolean;

  constructor(
    readonly code: BoundedGetFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.temporary = TEMPORARY[code];
  }
}
