import type { DataSource } from 'typeorm';

export interface BegunEpoch {
  readonly epoch: string;
  /** The number of the cutoff that refuses every older token. */
  readonly seq: number;
}

/** Another history of the numbers: guards take a whole snapshot, and every token issued before is refused. */
export async function beginRevocationEpoch(database: DataSource, reason: string): Promise<BegunEpoch> {
  const sql = 'SELECT epoch, seq::float8 AS seq FROM token.begin_revocation_epoch($1)';
  const [begun] = (await database.query(sql, [reason])) as [BegunEpoch];
  return begun;
}
