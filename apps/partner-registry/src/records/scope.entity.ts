import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

/** What one resource server lets its callers do. The same name on two servers is two scopes. */
@Entity('scopes')
export class Scope {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('uuid')
  resource_server_id: string;

  @Column('text')
  name: string;

  @Column('text')
  description: string;

  @Column('text', { default: 'normal' })
  sensitivity: 'normal' | 'sensitive';

  /** a grant of it waits until another operator approves it */
  @Column('boolean', { default: false })
  needs_approval: boolean;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
