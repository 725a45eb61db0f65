/**
 * Why the keys of a partner could not be had. Temporary: trying again may help, without anybody mending anything.
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
  malformed: false,
} as const satisfies Record<string, boolean>;

export type PartnerKeysFault = keyof typeof TEMPORARY;

export class PartnerKeysError extends Error {
  override readonly name = 'PartnerKeysError';
  readonly code: `partner_keys_${PartnerKeysFault}`;
  readonly temporary: boolean;

  constructor(fault: PartnerKeysFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = `partner_keys_${fault}`;
    this.temporary = TEMPORARY[fault];
  }
}
