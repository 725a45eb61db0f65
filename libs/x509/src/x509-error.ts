export type X509ErrorCode =
  | 'der_malformed'
  | 'dn_invalid'
  | 'certificate_malformed'
  | 'certificate_bundle'
  | 'private_key_present'
  | 'crl_malformed'
  | 'certification_request_malformed'
  | 'key_set_malformed';

/** Why an input was refused. The message is fit for the caller: it never repeats any of the input. */
export class X509Error extends Error {
  override readonly name = 'X509Error';

  constructor(
    readonly code: X509ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
