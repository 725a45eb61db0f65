import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { RotationTurn } from './rotation-turn.js';
import { LIVE_STATUSES, SigningKey } from '../records/signing-key.entity.js';
import { SigningKeysError } from './signing-keys-error.js';

const PATIENCE_MS = 20_000;
const RETRY_MS = 100;

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: DataSource) {}

  /** Every key that is in the key set. */
  findLive(): Promise<SigningKey[]> {
    return this.database.getRepository(SigningKey).findBy({ status: In(LIVE_STATUSES) });
  }

  /** The database's clock. */
  async now(): Promise<Date> {
    const [{ now }] = (await this.database.query('SELECT clock_timestamp() AS now')) as [{ now: Date }];
    return now;
  }

  /** @returns what `work` returns; undefined, without any work, when another has the turn */
  inTurn<T extends object>(work: (turn: RotationTurn) => Promise<T>): Promise<T | undefined> {
    return this.database.transaction(async (transaction) => {
      const turn = await RotationTurn.begin(transaction);
      return turn && work(turn);
    });
  }

  /**
   * Waits for the turn. No connection is held meanwhile.
   * @throws SigningKeysError `signing_keys_busy`
   */
  async inNextTurn<T extends object>(work: (turn: RotationTurn) => Promise<T>): Promise<T> {
    const until = performance.now() + PATIENCE_MS;
    while (performance.now() < until) {
      const result = await this.inTurn(work);
      if (result !== undefined) return result;
      await sleep(RETRY_MS);
    }
    throw new SigningKeysError(
      'signing_keys_busy',
      `the signing keys have been in another's hands for ${PATIENCE_MS / 1_000} s: try again`,
    );
  }
}
