import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * A statement that every connection of the pool plans once and not each time: for one that is asked very often, and that
 * is dearer to plan than to carry out. TypeORM has no word for it.
 * @throws what `pg` throws, not wrapped by TypeORM
 *
 * Does not survive: columns that change their types under it, until the process starts again.
 */
export class PreparedStatement<Row extends object> {
  /** @param name of the statement in each connection: not that of any other */
  constructor(
    private readonly database: DataSource,
    private readonly name: string,
    private readonly text: string,
  ) {}

  async query(values: readonly unknown[]): Promise<Row[]> {
    const { master } = this.database.driver as unknown as { master: Pool };
    const { rows } = await master.query<Row>({ name: this.name, text: this.text, values: [...values] });
    return rows;
  }
}
