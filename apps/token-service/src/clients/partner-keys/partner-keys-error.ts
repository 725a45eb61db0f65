import { BoundedGetError, type BoundedGetFault } from '@partner-ecosystem/platform/http-client';

/** Why the keys of a partner could not be had. */
export class PartnerKeysError extends Error {
  override readonly name = 'PartnerKeysError';
  readonly code: `partner_keys_${BoundedGetFault}`;
  /** Trying again may help, without anybody mending anything. */
  readonly temporary: boolean;

  constructor(fault: BoundedGetFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = `partner_keys_${fault}`;
    this.temporary = new BoundedGetError(fault, message).temporary;
  }
}
