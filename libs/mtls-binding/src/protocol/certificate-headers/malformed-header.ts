import { RefusedError } from '../errors.js';

/** A value that no proxy of this kind writes: an error with a reason, never "no certificate". */
export function malformedHeader(reason: string, options?: ErrorOptions): RefusedError {
  return new RefusedError(
    'invalid_request',
    'certificate_header_malformed',
    `the certificate header ${reason}`,
    options,
  );
}
