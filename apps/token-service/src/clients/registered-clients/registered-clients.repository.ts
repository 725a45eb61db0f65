import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RegisteredClient } from '../registered-client.entity.js';

/** The registered clients, through the view the registry publishes. */
@Injectable()
export class RegisteredClientsRepository {
  constructor(private readonly database: DataSource) {}

  async findByClientId(clientId: string): Promise<RegisteredClient | undefined> {
    const client = await this.database.getRepository(RegisteredClient).findOneBy({ clientId });
    return client ?? undefined;
  }

  /** @throws when the view is not there, or lacks a column of the contract */
  async assertReadable(): Promise<void> {
    await this.database.getRepository(RegisteredClient).createQueryBuilder().limit(0).getMany();
  }
}
