import { ViewColumn, ViewEntity } from 'typeorm';

/** An active certificate of a client, as the registry publishes it. Instants are ISO 8601. */
export interface RegisteredCertificate {
  readonly thumbprint: string;
  readonly not_before: string;
  readonly not_after: string;
  readonly retire_at: string | null;
}

/** Leave to ask for one scope at one resource server. */
export interface RegisteredGrant {
  readonly audience: string;
  readonly scope: string;
  readonly valid_until: string | null;
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
  @ViewColumn({ name: 'access_token_ttl' }) accessTokenTtl: number;
  @ViewColumn({ name: 'default_resource' }) defaultResource: string | null;
  @ViewColumn({ name: 'certificates' }) certificates: RegisteredCertificate[];
  @ViewColumn({ name: 'grants' }) grants: RegisteredGrant[];
}
