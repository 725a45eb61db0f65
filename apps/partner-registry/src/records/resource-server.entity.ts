import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { Environment } from '../http/fields.schema.js';

export const SIGNING_ALGORITHMS = ['ES256', 'PS256', 'EdDSA'] as const;

/** A19 */
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

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

  /** how its tokens are signed */
  @Column('text', { default: 'ES256' })
  signing_alg: SigningAlgorithm;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
