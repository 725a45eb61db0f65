import { Injectable } from '@nestjs/common';
import { PreparedStatement } from '@partner-ecosystem/platform/database';
import { DataSource } from 'typeorm';
import { RegisteredClient } from '../../records/registered-client.entity.js';

/** The registered clients, through the view the registry publishes. */
@Injectable()
export class RegisteredClientsRepository {
  #byClientId: PreparedStatement<{ client: RegisteredClient }> | undefined;

  constructor(private readonly database: DataSource) {}

  async findByClientId(clientId: string): Promise<RegisteredClient | undefined> {
    this.#byClientId ??= new PreparedStatement(this.database, 'registered_client', this.selectByClientId());
    const [found] = await this.#byClientId.query([clientId]);
    return found?.client;
  }

  /** @throws when the view is not there, or lacks a column of the contract */
  async assertReadable(): Promise<void> {
    await this.database.getRepository(RegisteredClient).createQueryBuilder().limit(0).getMany();
  }

  // With more clients than are kept in memory, what costs is TypeORM's way from a condition to an entity, planning a query
  // over 13 relations each time, and `pg` making a row of its columns: as one object of JSON it has one.
  // One statement, so that the revocations' counter is of the same snapshot.
  private selectByClientId(): string {
    const { columns, tablePath } = this.database.getMetadata(RegisteredClient);
    const selected = columns.map(({ databaseName, propertyName }) => `${databaseName} AS "${propertyName}"`);
    return `SELECT row_to_json(client) AS client FROM (
      SELECT ${selected.join(', ')},
          (SELECT json_build_object('epoch', epoch, 'seq', last_seq) FROM token.revocation_counter) AS revocations
        FROM ${tablePath} WHERE client_id = $1) AS client`;
  }
}
