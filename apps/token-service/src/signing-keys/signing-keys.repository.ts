import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SigningKey } from './signing-key.entity.js';

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: DataSource) {}

  /** Every key whose tokens may still live, the current one first. */
  async findPublished(): Promise<SigningKey[]> {
    return this.database.getRepository(SigningKey).find({ order: { status: 'ASC', createdAt: 'DESC' } });
  }

  /** Stores a first current key; does nothing when another replica was faster (one current key per algorithm). // A28 */
  async insertCurrentUnlessThereIsOne(key: Omit<SigningKey, 'createdAt'>): Promise<void> {
    await this.database.createQueryBuilder().insert().into(SigningKey).values(key).orIgnore().execute();
  }
}
