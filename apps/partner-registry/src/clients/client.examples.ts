const PARTNER = 'ptn_0198c2f011117222833301234567890a';
const CLIENT = 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70';

/** Of RFC 7515 appendix A.3: the public part of a key that everybody knows. */
const EXAMPLE_KEY = {
  kty: 'EC',
  crv: 'P-256',
  kid: '2026-03',
  alg: 'ES256',
  use: 'sig',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
};

export const newClientExamples = {
  first_certificate: {
    summary: 'The subject comes from the first certificate',
    value: { partner_id: PARTNER, client_name: 'Acme shipment importer', environment: 'production' },
  },
  known_subject: {
    summary: 'The subject is known beforehand',
    value: {
      partner_id: PARTNER,
      client_name: 'Acme shipment importer',
      environment: 'production',
      access_token_ttl: 300,
      tls_client_auth_subject_dn: 'CN=importer.acme.example,O=Acme Logistics GmbH,C=DE',
    },
  },
  identity: {
    summary:
      'Known by its subject under any certificate from its trust anchors, which are added before it is activated',
    value: {
      partner_id: PARTNER,
      client_name: 'Acme fleet gateway',
      certificate_policy: 'identity_only',
      tls_client_auth_san_dns: 'gateway.acme.example',
    },
  },
  uri: {
    summary: 'Known by a URI in its certificate',
    value: {
      partner_id: PARTNER,
      client_name: 'Acme label printer',
      tls_client_auth_san_uri: 'urn:acme:system:label-printer',
    },
  },
  private_key_jwt: {
    summary: 'Signs assertions with a key of its own (RFC 7523); its certificate binds the tokens',
    value: {
      partner_id: PARTNER,
      client_name: 'Acme customs gateway',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [EXAMPLE_KEY] },
    },
  },
  published_keys: {
    summary: 'Self-signed certificates that the partner publishes',
    value: {
      partner_id: PARTNER,
      client_name: 'Acme yard sensors',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks_uri: 'https://keys.acme.example/yard/jwks.json',
    },
  },
};

export const clientPatchExamples = {
  lifetime: { summary: 'Shorter tokens', value: { access_token_ttl: 120 } },
  identity: {
    summary: 'Any certificate of the registered subject, from the client’s trust anchors',
    value: { certificate_policy: 'identity_only' },
  },
  resource: { summary: 'No default resource any more', value: { default_resource: null } },
};

export const clientExamples = {
  importer: {
    summary: 'An active client',
    value: {
      id: CLIENT,
      client_id: CLIENT,
      partner_id: PARTNER,
      client_name: 'Acme shipment importer',
      environment: 'production',
      status: 'active',
      status_reason: 'Tests passed',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: 'CN=importer.acme.example,O=Acme Logistics GmbH,C=DE',
      tls_client_auth_san_dns: null,
      tls_client_auth_san_uri: null,
      tls_client_auth_san_ip: null,
      tls_client_auth_san_email: null,
      jwks: null,
      jwks_uri: null,
      certificate_policy: 'registered_only',
      bound_access_tokens: true,
      access_token_ttl: 300,
      default_resource: 'https://localhost:9445',
      max_active_certificates: 3,
      version: 3,
      created_at: '2026-03-02T09:31:12.447Z',
      updated_at: '2026-03-04T15:42:00.091Z',
    },
  },
};
