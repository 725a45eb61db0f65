import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { PartnerStatus } from './partner-status.js';

/** A company whose servers call us. Properties are named as the columns and the API's fields are: one name for one thing. */
@Entity('partners')
export class Partner {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  slug: string;

  @Column('text')
  legal_name: string;

  @Column('text', { nullable: true })
  display_name: string | null;

  @Column('text', { nullable: true })
  country: string | null;

  /** in a public register of companies */
  @Column('text', { nullable: true })
  registration_number: string | null;

  /** what the partner is called in the operator's other systems */
  @Column('text', { nullable: true })
  external_ref: string | null;

  @Column('jsonb', { default: {} })
  labels: Record<string, string>;

  @Column('jsonb', { default: {} })
  metadata: Record<string, unknown>;

  /** the platform's own partner: its clients are operators */
  @Column('boolean', { default: false })
  is_platform: boolean;

  @Column('text', { default: 'pending' })
  status: PartnerStatus;

  @Column('text', { nullable: true })
  status_reason: string | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
