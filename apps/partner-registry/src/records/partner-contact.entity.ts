import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

export const CONTACT_KINDS = ['business', 'technical', 'security', 'incident'] as const;

export type ContactKind = (typeof CONTACT_KINDS)[number];

/** Whom to reach at a partner. A person: everything about them can be erased, and elsewhere only the id appears. */
@Entity('partner_contacts')
export class PartnerContact {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  partner_id: string;

  @Column('text')
  kind: ContactKind;

  /** null once erased */
  @Column('text', { nullable: true })
  name: string | null;

  /** null once erased */
  @Column('text', { nullable: true })
  email: string | null;

  /** when somebody last answered under this address */
  @Column('timestamptz', { nullable: true })
  verified_at: Date | null;

  @Column('timestamptz', { nullable: true })
  erased_at: Date | null;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
