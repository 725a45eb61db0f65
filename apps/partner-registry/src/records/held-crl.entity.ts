import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

/** What people are told of when a list comes to its end, or never came. */
export type FreshnessAlarm = 'due' | 'stale' | 'missing';

/** A place where lists of a trust anchor are fetched, or a list that was brought by hand; and the list held now. */
@Entity('crls')
export class HeldCrl {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  trust_anchor_id: string;

  /** null: brought by hand, or kept from a place that has none of that authority any more */
  @Column('text', { nullable: true })
  uri: string | null;

  /** of the key that signed it; null, as everything about the list: there is none yet */
  @Column('text', { nullable: true })
  issuer_spki_sha256: string | null;

  /** of its issuing distribution point; null: it is about all certificates of its issuer */
  @Column('text', { nullable: true })
  scope_sha256: string | null;

  @Column('text', { nullable: true })
  issuer_dn: string | null;

  /** lower-case hex */
  @Column('text', { nullable: true })
  number: string | null;

  @Column('timestamptz', { nullable: true })
  this_update: Date | null;

  @Column('timestamptz', { nullable: true })
  next_update: Date | null;

  @Column('integer', { nullable: true })
  entries: number | null;

  @Column('text', { nullable: true })
  sha256: string | null;

  /** read by those alone who judge by it: megabytes */
  @Column('bytea', { nullable: true, select: false })
  der: Buffer | null;

  /** when the list came that is held */
  @Column('timestamptz', { nullable: true })
  fetched_at: Date | null;

  @Column('timestamptz', { nullable: true })
  attempted_at: Date | null;

  @Column('timestamptz')
  attempt_after: Date;

  /** attempts since the last one that succeeded */
  @Column('integer', { default: 0 })
  failures: number;

  @Column('text', { nullable: true })
  last_error: string | null;

  @Column('text', { nullable: true })
  alarmed: FreshnessAlarm | null;

  /** the `next_update` the alarm was about */
  @Column('timestamptz', { nullable: true })
  alarmed_for: Date | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
