import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { Environment } from './certificate-issuer.js';

/** An intermediate of the platform's own. Its lists are large and its key is secret: both are read only where needed. */
@Entity('certificate_authorities')
export class CertificateAuthority {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  environment: Environment;

  /** a retired one issues nothing more, and goes on signing its list */
  @Column('text', { default: 'active' })
  status: 'active' | 'retired';

  @Column('text')
  pem: string;

  @Column('text')
  root_pem: string;

  @Column('bytea', { select: false })
  root_crl: Buffer;

  @Column('text')
  subject_dn: string;

  @Column('text')
  spki_sha256: string;

  @Column('timestamptz')
  not_before: Date;

  @Column('timestamptz')
  not_after: Date;

  /** JWE of the private JWK, its `kid` the row's `spki_sha256` */
  @Column('text')
  private_jwe: string;

  /** http, without trailing slash: what its certificates say */
  @Column('text')
  public_url: string;

  @Column('uuid')
  trust_anchor_id: string;

  @Column('bigint', { default: 0 })
  crl_number: string;

  @Column('bytea', { nullable: true, select: false })
  crl: Buffer | null;

  @Column('timestamptz', { nullable: true })
  crl_this_update: Date | null;

  @Column('timestamptz', { nullable: true })
  crl_next_update: Date | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
