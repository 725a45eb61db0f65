import type { JWK } from 'jose';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key that access tokens are signed with. The private part is stored only as JWE. // A28 */
@Entity({ schema: 'token', name: 'signing_key' })
export class SigningKey {
  /** RFC 7638 thumbprint of the public key. // A20 */
  @PrimaryColumn('text') kid: string;
  @Column('text') alg: string;
  @Column('text') status: 'current' | 'retired';
  @Column('jsonb', { name: 'public_jwk' }) publicJwk: JWK;
  @Column('text', { name: 'private_jwe' }) privateJwe: string;
  @Column('timestamptz', { name: 'created_at', default: () => 'now()' }) createdAt: Date;
}
