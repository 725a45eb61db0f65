import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

/** A key and the one partner it belongs to. The primary key decides between two partners who come at the same moment. */
@Entity('public_keys')
export class PublicKey {
  /** of SubjectPublicKeyInfo, lower-case hex */
  @PrimaryColumn('text')
  spki_sha256: string;

  @Column('uuid')
  partner_id: string;

  /** once set, no certificate of this key is accepted again */
  @Column('timestamptz', { nullable: true })
  compromised_at: Date | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
