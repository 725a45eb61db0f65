import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../stack/admin/https-client.js';

/** Of `token.authentication_event`, or of `token.refused_attempts` for a stranger, as far as specs look at it. */
export interface StoredAttempt {
  outcome: string;
  error: string | null;
  failed_check: string | null;
  client_id: string | null;
  thumbprint: string | null;
  authenticated: boolean;
}

const PATIENCE_MS = 240_000;

/** The attempts the token service wrote down, looked at as superuser: the service itself may not read them. */
export class StoredAttempts {
  readonly #client: pg.Client;

  constructor(databaseAdminUrl: string) {
    this.#client = new pg.Client({ connectionString: databaseAdminUrl });
  }

  open(): Promise<unknown> {
    return this.#client.connect();
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  /** That of an answer; they are written a quarter of a second later. Throws when none comes. */
  async of({ headers, status }: Answer): Promise<StoredAttempt> {
    const id = headers['x-request-id'] ?? '';
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await sleep(50)) {
      const { rows } = await this.#client.query<StoredAttempt>(
        `SELECT outcome, error, failed_check, client_id, thumbprint, authenticated
           FROM token.authentication_event WHERE request_id = $1
         UNION ALL
         SELECT 'refused', error, failed_check, nullif(client_id, ''), NULL, false
           FROM token.refused_attempts WHERE $1 = ANY (request_ids)`,
        [id],
      );
      if (rows[0]) return rows[0];
    }
    throw new Error(`the attempt ${id}, answered with ${status}, is not on record`);
  }

  /** Those of the given request ids that are not on record. */
  async missing(requestIds: readonly string[]): Promise<string[]> {
    const { rows } = await this.#client.query<{ id: string }>(
      `SELECT id FROM unnest($1::text[]) AS id
        WHERE NOT EXISTS (SELECT FROM token.authentication_event e WHERE e.request_id = id)`,
      [requestIds],
    );
    return rows.map(({ id }) => id);
  }
}
