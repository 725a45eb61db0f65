import type { FeedPosition } from '@partner-ecosystem/mtls-binding';
import { ViewColumn, ViewEntity } from 'typeorm';

/**
 * A certificate of a client that is active, or will be at a date, as the registry publishes it. Instants are ISO 8601.
 */
export interface RegisteredCertificate {
  readonly thumbprint: string;
  /** As of `RevokedCertificate`. */
  readonly tbs_sha256?: string;
  readonly not_before: string;
  readonly not_after: string;
  readonly retire_at: string | null;
  /** From when on it is in use; null: it is already. Absent: the registry is of a release that plans no dates. */
  readonly activate_at?: string | null;
  /** Until when its path to one of the client's anchors holds; null: not judged, as the client had none. */
  readonly path_valid_until: string | null;
  /** Lower-case hex of SHA-256 over its SubjectPublicKeyInfo. */
  readonly spki_sha256: string;
}

/** An authority that may vouch for a client's certificates, pinned by its key. // A14 */
export interface RegisteredTrustAnchor {
  readonly id: string;
  /** base64 DER */
  readonly certificate: string;
  readonly spki_sha256: string;
  /** `require`, `soft` or `off` */
  readonly crl_mode: string;
  /** SHA-256, lower-case hex, of the CRLs that count under it; the lists: `registry.published_crl` */
  readonly crls: readonly string[];
}

/** A certificate of a client that is no longer to be believed. Its key may be: `registry.public_key_owner` says that. */
export interface RevokedCertificate {
  readonly thumbprint: string;
  /**
   * Lower-case hex of SHA-256 over its TBSCertificate, which its holder cannot vary, as the thumbprint can be. Absent: the
   * registry is of a release that denies by thumbprint alone. // A37
   */
  readonly tbs_sha256?: string;
}

/** Leave to ask for one scope at one resource server. */
export interface RegisteredGrant {
  readonly audience: string;
  readonly scope: string;
  readonly valid_until: string | null;
  /** What tokens for this audience are signed with: ES256, PS256 or EdDSA. // A19 */
  readonly signing_alg: string;
}

/**
 * A row of `registry.registered_client`, the contract the partner registry publishes. Read only: this app can write no
 * partner data, and shares no entity with the registry.
 */
@ViewEntity({ schema: 'registry', name: 'registered_client', synchronize: false })
export class RegisteredClient {
  @ViewColumn({ name: 'client_id' }) clientId: string;
  @ViewColumn({ name: 'partner_id' }) partnerId: string;
  @ViewColumn({ name: 'client_status' }) clientStatus: string;
  @ViewColumn({ name: 'partner_status' }) partnerStatus: string;
  @ViewColumn({ name: 'usable' }) usable: boolean;
  @ViewColumn({ name: 'token_endpoint_auth_method' }) authenticationMethod: string;
  @ViewColumn({ name: 'certificate_policy' }) certificatePolicy: string;
  @ViewColumn({ name: 'tls_client_auth_subject_dn' }) subjectDn: string | null;
  @ViewColumn({ name: 'tls_client_auth_san_dns' }) sanDns: string | null;
  @ViewColumn({ name: 'tls_client_auth_san_uri' }) sanUri: string | null;
  @ViewColumn({ name: 'tls_client_auth_san_ip' }) sanIp: string | null;
  @ViewColumn({ name: 'tls_client_auth_san_email' }) sanEmail: string | null;
  @ViewColumn({ name: 'access_token_ttl' }) accessTokenTtl: number;
  @ViewColumn({ name: 'default_resource' }) defaultResource: string | null;
  @ViewColumn({ name: 'certificates' }) certificates: RegisteredCertificate[];
  @ViewColumn({ name: 'grants' }) grants: RegisteredGrant[];
  /** RFC 7517, as registered. */
  @ViewColumn({ name: 'jwks' }) jwks: object | null;
  @ViewColumn({ name: 'jwks_uri' }) jwksUri: string | null;
  @ViewColumn({ name: 'trust_anchors' }) trustAnchors: RegisteredTrustAnchor[];
  /** base64 DER; the chain a connection shows is never needed. */
  @ViewColumn({ name: 'intermediates' }) intermediates: string[];
  @ViewColumn({ name: 'revoked_certificates' }) revokedCertificates: RevokedCertificate[];
  /** Audiences of the resource servers this client speaks for: it may introspect their tokens. // A31 */
  @ViewColumn({ name: 'introspects' }) introspects: string[];
  /** Where the revocations were in the snapshot that this was read from; no part of the view. */
  revocations: FeedPosition;
}
