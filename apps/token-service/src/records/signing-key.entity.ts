import type { JWK } from 'jose';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyPurpose } from './key-purpose.js';
import type { SigningAlgorithm } from './signing-algorithm.js';

/**
 * `next`: published, stands by. `current`: signs. `retired`: published until the last token it signed has expired.
 * `deleted` and `distrusted`: neither published nor able to sign, the private part is destroyed; the row stays for audit.
 */
export type SigningKeyStatus = 'next' | 'current' | 'retired' | 'deleted' | 'distrusted';

/** The states in which a key is in the key set and its private part is stored. */
export const LIVE_STATUSES = ['current', 'next', 'retired'] as const satisfies SigningKeyStatus[];

/**
 * A key that access tokens, or the revocation feed, are signed with. The private part is stored only as JWE. // A28
 * Every instant is set by the database when the status changes: one clock for all replicas.
 */
@Entity({ schema: 'token', name: 'signing_key' })
export class SigningKey {
  /** RFC 7638 thumbprint of the public key. // A20 */
  @PrimaryColumn('text') kid: string;
  @Column({ type: 'text', update: false }) purpose: KeyPurpose;
  @Column('text') alg: SigningAlgorithm;
  @Column('text') status: SigningKeyStatus;
  @Column('jsonb', { name: 'public_jwk' }) publicJwk: JWK;
  /** Null once it was destroyed. */
  @Column({ type: 'text', name: 'private_jwe', nullable: true }) privateJwe: string | null;
  /** When it was first published. */
  @Column({ type: 'timestamptz', name: 'created_at', insert: false, update: false }) createdAt: Date;
  /** When it became the current one. */
  @Column({ type: 'timestamptz', name: 'activated_at', nullable: true, insert: false, update: false })
  activatedAt: Date | null;
  @Column({ type: 'timestamptz', name: 'retired_at', nullable: true, insert: false, update: false })
  retiredAt: Date | null;
  @Column({ type: 'timestamptz', name: 'deleted_at', nullable: true, insert: false, update: false })
  deletedAt: Date | null;
  @Column({ type: 'timestamptz', name: 'distrusted_at', nullable: true, insert: false, update: false })
  distrustedAt: Date | null;
}
