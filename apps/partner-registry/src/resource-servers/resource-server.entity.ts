import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { Environment } from '../conventions/fields.schema.js';

/** An API that accepts tokens: what a token's `aud` names. */
@Entity('resource_servers')
export class ResourceServer {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  /** absolute URI, compared character by character */
  @Column('text')
  audience: string;

  @Column('text')
  name: string;

  @Column('text')
  environment: Environment;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
