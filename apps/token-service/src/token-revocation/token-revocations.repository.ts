import { Injectable } from '@nestjs/common';
import type { BoundToken } from '@partner-ecosystem/mtls-binding';
import { Turns } from '@partner-ecosystem/platform/limits';
import { DataSource } from 'typeorm';
import { answeredWithin } from '../database/answered-within.js';

const RECORD = 'SELECT token.record_token_revocation($1, $2, $3, $4) AS seq';
const REASON = 'revoked by its client (RFC 7009)';
const PATIENCE_MS = 2_000;
/** All take their number from one row, which a change of the registry may hold: waiting for it takes two connections at most. // A36 */
const AT_ONCE = 2;

/** Revocations of single tokens, which this service records itself. */
@Injectable()
export class TokenRevocations {
  readonly #turns = new Turns(AT_ONCE);

  constructor(private readonly database: DataSource) {}

  /**
   * @returns the number under which the feed carries it
   * @throws DatabaseLateError when nobody knows whether it was recorded; or what the database says
   */
  async record({ jti, clientId, partnerId }: BoundToken): Promise<number> {
    const values = [jti, clientId, partnerId, REASON];
    const recorded = this.#turns.run('', PATIENCE_MS, () => this.database.query<[{ seq: string }]>(RECORD, values));
    const [{ seq }] = await answeredWithin(PATIENCE_MS, recorded);
    return Number(seq);
  }
}
