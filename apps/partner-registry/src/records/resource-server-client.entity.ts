import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { Environment } from '../http/fields.schema.js';

/** A client that acts for a resource server: what it may ask the token service about other clients' tokens. */
@Entity('resource_server_clients')
export class ResourceServerClient {
  @PrimaryColumn('uuid')
  resource_server_id: string;

  @PrimaryColumn('uuid')
  client_id: string;

  /** of both: the foreign keys need them equal */
  @Column('text')
  environment: Environment;

  @Column('boolean')
  may_introspect: boolean;

  @Column('boolean')
  may_follow_revocations: boolean;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
