import type { PublicKeyDescription } from '@partner-ecosystem/x509';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

export const CRL_MODES = ['require', 'soft', 'off'] as const;

/** What a missing or stale CRL means: refuse, go on, or never look. */
export type CrlMode = (typeof CRL_MODES)[number];

/** An authority that clients may be told to trust, pinned by its key; shared, or of one partner. // A14 */
@Entity('trust_anchors')
export class TrustAnchor {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  /** null: shared */
  @Column('uuid', { nullable: true })
  partner_id: string | null;

  @Column('text', { default: 'active' })
  status: 'active' | 'retired';

  @Column('text', { nullable: true })
  status_reason: string | null;

  @Column('text', { default: 'soft' })
  crl_mode: CrlMode;

  /** where the lists of the authority, and of those below it, are fetched */
  @Column('text', { array: true, default: [] })
  crl_uris: string[];

  @Column('text')
  pem: string;

  /** of the DER, lower-case hex */
  @Column('text')
  sha256: string;

  @Column('text')
  spki_sha256: string;

  @Column('text')
  serial: string;

  @Column('text')
  subject_dn: string;

  @Column('jsonb')
  key: PublicKeyDescription;

  @Column('timestamptz')
  not_before: Date;

  @Column('timestamptz')
  not_after: Date;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
