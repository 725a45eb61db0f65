import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { Environment } from '../http/fields.schema.js';
import type { GrantStatus } from './grant-status.js';

/** A scope that a client may ask for. `environment` is the client's and the resource server's: the foreign keys need them equal. */
@Entity('grants')
export class Grant {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  client_id: string;

  @Column('uuid')
  resource_server_id: string;

  @Column('uuid')
  scope_id: string;

  @Column('text')
  environment: Environment;

  @Column('text', { default: 'active' })
  status: GrantStatus;

  @Column('text', { nullable: true })
  status_reason: string | null;

  /** the client, as shown, of whoever asked for it; null: bootstrap */
  @Column('text', { nullable: true })
  requested_by: string | null;

  /** of whoever approved or rejected it, where it needed that */
  @Column('text', { nullable: true })
  decided_by: string | null;

  /** null: without end. Judged by the token service, by its own clock. */
  @Column('timestamptz', { nullable: true })
  valid_until: Date | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
