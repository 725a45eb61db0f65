import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RegisteredClient } from '../registered-client.entity.js';

/** The registered clients, through the view the registry publishes. */
@Injectable()
export class RegisteredClientsRepository {
  #select: string | undefined;

  constructor(private readonly database: DataSource) {}

  async findByClientId(clientId: string): Promise<RegisteredClient | undefined> {
    this.#select ??= this.selectByClientId();
    const [client] = await this.database.query<RegisteredClient[]>(this.#select, [clientId]);
    return client;
  }

  /** @throws when the view is not there, or lacks a column of the contract */
  async assertReadable(): Promise<void> {
    await this.database.getRepository(RegisteredClient).createQueryBuilder().limit(0).getMany();
  }

  // Written once: with more clients than are kept in memory, TypeORM's way from a condition to an entity is what costs.
  private selectByClientId(): string {
    const { columns, tablePath } = this.database.getMetadata(RegisteredClient);
    const selected = columns.map(({ databaseName, propertyName }) => `${databaseName} AS "${propertyName}"`);
    return `SELECT ${selected.join(', ')} FROM ${tablePath} WHERE client_id = $1`;
  }
}
