import type { BoundToken } from '@partner-ecosystem/mtls-binding';
import { uuidFrom } from './public-id.js';
import { ShipmentError } from './shipment.errors.js';

/** On whose behalf a request is served. */
export interface Caller {
  /** uuid */
  readonly partnerId: string;
  /** `cli_…`: which of the partner's systems it is */
  readonly clientId: string;
}

/**
 * The caller as the verified token names it: the only place a partner's id comes from.
 * @throws ShipmentError `partner_unrecognised`
 */
export function callerOf(token: Pick<BoundToken, 'partnerId' | 'clientId'>): Caller {
  const partnerId = uuidFrom('ptn', token.partnerId);
  if (partnerId === undefined) {
    throw new ShipmentError('partner_unrecognised', `the token's partner_id is not of the form ptn_<32 hex digits>`);
  }
  return { partnerId, clientId: token.clientId };
}
