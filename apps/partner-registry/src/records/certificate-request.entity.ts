import type { CertificateCheck, PublicKeyDescription } from '@partner-ecosystem/x509';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { CertificateRequestStatus } from './certificate-request-status.js';

/** A request of a client for a certificate of the platform, and what became of it. */
@Entity('certificate_requests')
export class CertificateRequest {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  client_id: string;

  @Column('text')
  status: CertificateRequestStatus;

  /** PKCS#10, PEM */
  @Column('text')
  csr: string;

  /** of the key in it, lower-case hex; the key is the partner's from here on */
  @Column('text')
  spki_sha256: string;

  @Column('jsonb')
  key: PublicKeyDescription;

  /** as it was judged last: when it came, or when it was approved */
  @Column('jsonb')
  checks: CertificateCheck[];

  /** false: the certificate is kept pending until it is activated */
  @Column('boolean', { default: true })
  activate: boolean;

  /** uuid of the client's certificate that the new one is to follow */
  @Column('uuid', { nullable: true })
  replaces: string | null;

  /** client, as shown, of whoever asked */
  @Column('text')
  requested_by: string;

  /** of whoever approved or rejected it; null: nobody had to */
  @Column('text', { nullable: true })
  decided_by: string | null;

  @Column('timestamptz', { nullable: true })
  decided_at: Date | null;

  @Column('text', { nullable: true })
  decision_reason: string | null;

  @Column('uuid', { nullable: true })
  certificate_id: string | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
