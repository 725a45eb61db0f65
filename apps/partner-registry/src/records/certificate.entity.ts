import type { CertificateCheck, PublicKeyDescription, SubjectAlternativeName } from '@partner-ecosystem/x509';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { CertificateStatus, RevocationReason } from './certificate-status.js';

/** A certificate of a client, and how it was judged when it came. Never deleted: what was revoked must stay known. */
@Entity('certificates')
export class Certificate {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  client_id: string;

  /** the client's */
  @Column('uuid')
  partner_id: string;

  @Column('text')
  source: 'uploaded' | 'issued' | 'renewed';

  /** of the platform's own that issued it; null: somebody else's */
  @Column('uuid', { nullable: true })
  certificate_authority_id: string | null;

  @Column('text')
  status: CertificateStatus;

  @Column('text')
  pem: string;

  /** intermediates that came along, base64 DER, nearest first */
  @Column('jsonb', { default: [] })
  chain: string[];

  /** of the DER, lower-case hex */
  @Column('text')
  sha256: string;

  /** of what the issuer signed, lower-case hex; unique among pending and active certificates // A37 */
  @Column('text')
  tbs_sha256: string;

  @Column('text')
  spki_sha256: string;

  @Column('text')
  serial: string;

  @Column('text')
  subject_dn: string;

  @Column('text')
  issuer_dn: string;

  @Column('jsonb')
  subject_alternative_names: SubjectAlternativeName[];

  @Column('jsonb')
  key: PublicKeyDescription;

  /** dotted OIDs; null: no such extension */
  @Column('jsonb', { nullable: true })
  extended_key_usage: string[] | null;

  @Column('timestamptz')
  not_before: Date;

  @Column('timestamptz')
  not_after: Date;

  @Column('timestamptz', { nullable: true })
  activate_at: Date | null;

  @Column('timestamptz', { nullable: true })
  retire_at: Date | null;

  @Column('uuid', { nullable: true })
  replaces: string | null;

  @Column('timestamptz', { nullable: true })
  revoked_at: Date | null;

  @Column('text', { nullable: true })
  revocation_reason: RevocationReason | null;

  @Column('text', { nullable: true })
  status_reason: string | null;

  /** null: not judged, because the client has no anchors; in the past: there is no path any more */
  @Column('timestamptz', { nullable: true })
  path_valid_until: Date | null;

  /** where the path ended */
  @Column('uuid', { nullable: true })
  path_trust_anchor_id: string | null;

  @Column('jsonb')
  checks: CertificateCheck[];

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;

  /** RFC 8705 `x5t#S256`: base64url, 43 characters */
  get thumbprint(): string {
    return Buffer.from(this.sha256, 'hex').toString('base64url');
  }
}
