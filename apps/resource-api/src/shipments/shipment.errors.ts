export type ShipmentErrorCode = 'shipment_not_found' | 'reference_taken' | 'partner_unrecognised';

/** A request about shipments that cannot be served. `message` is for the log; callers see the text of their `code`. */
export class ShipmentError extends Error {
  override readonly name = 'ShipmentError';

  constructor(
    readonly code: ShipmentErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
