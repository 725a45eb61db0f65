import { Injectable } from '@nestjs/common';
import type { BoundToken } from '@partner-ecosystem/mtls-binding';
import { DataSource } from 'typeorm';
import { answeredWithin } from '../database/answered-within.js';

const REASON = 'revoked by its client (RFC 7009)';
const PATIENCE_MS = 2_000;

/** Revocations of single tokens, which this service records itself. */
@Injectable()
export class TokenRevocations {
  constructor(private readonly database: DataSource) {}

  /**
   * @returns the number under which the feed carries it
   * @throws DatabaseLateError when nobody knows whether it was recorded; or what the database says
   */
  async record({ jti, clientId, partnerId }: BoundToken): Promise<number> {
    const recorded = this.database.query<[{ seq: string }]>(
      'SELECT token.record_token_revocation($1, $2, $3, $4) AS seq',
      [jti, clientId, partnerId, REASON],
    );
    const [{ seq }] = await answeredWithin(PATIENCE_MS, recorded);
    return Number(seq);
  }
}
