import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { Environment } from '../http/fields.schema.js';
import type { KeySet } from './key-set.schema.js';
import type { ClientStatus } from './client-status.js';

export const AUTHENTICATION_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth', 'private_key_jwt'] as const;

/** A3, A5: each client has exactly one; there is no shared secret. */
export type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number];

export const CERTIFICATE_POLICIES = ['registered_only', 'identity_only'] as const;

export type CertificatePolicy = (typeof CERTIFICATE_POLICIES)[number];

/**
 * One system of a partner. With `tls_client_auth` exactly one of the five `tls_client_auth_*` is set once it is no draft
 * (RFC 8705 section 2.1.2); the other methods have keys instead.
 */
@Entity('clients')
export class Client {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  /** `cli_` and the hex digits of `id`; made by Postgres */
  @Column({
    type: 'text',
    insert: false,
    update: false,
    generatedType: 'STORED',
    asExpression: `'cli_' || replace(id::text, '-', '')`,
  })
  client_id: string;

  @Column('uuid')
  partner_id: string;

  @Column('text')
  client_name: string;

  @Column('text')
  environment: Environment;

  @Column('text', { default: 'draft' })
  status: ClientStatus;

  @Column('text', { nullable: true })
  status_reason: string | null;

  @Column('text', { default: 'tls_client_auth' })
  token_endpoint_auth_method: AuthenticationMethod;

  /** canonical RFC 4514 text */
  @Column('text', { nullable: true })
  tls_client_auth_subject_dn: string | null;

  @Column('text', { nullable: true })
  tls_client_auth_san_dns: string | null;

  @Column('text', { nullable: true })
  tls_client_auth_san_uri: string | null;

  @Column('text', { nullable: true })
  tls_client_auth_san_ip: string | null;

  @Column('text', { nullable: true })
  tls_client_auth_san_email: string | null;

  /** public keys of `self_signed_tls_client_auth` (with their certificates) and `private_key_jwt`; or jwks_uri */
  @Column('jsonb', { nullable: true })
  jwks: KeySet | null;

  @Column('text', { nullable: true })
  jwks_uri: string | null;

  @Column('text', { default: 'registered_only' })
  certificate_policy: CertificatePolicy;

  /** always true: nobody gets a token that is not bound to a certificate */
  @Column('boolean', { default: true })
  bound_access_tokens: boolean;

  /** seconds */
  @Column('integer', { default: 300 })
  access_token_ttl: number;

  /** the audience of a token whose request names none */
  @Column('text', { nullable: true })
  default_resource: string | null;

  @Column('integer', { default: 3 })
  max_active_certificates: number;

  @VersionColumn()
  version: number;

  @CreateDateColumn({ type: 'timestamptz' })
  created_at: Date;

  @UpdateDateColumn({ type: 'timestamptz' })
  updated_at: Date;
}
