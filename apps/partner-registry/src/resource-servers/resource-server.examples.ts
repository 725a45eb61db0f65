const SERVER = 'rsv_0198b7a1d5e27c40b3f86a9d1c2e4f70';
const SCOPE = 'scp_0198b7a1d6f37e51c4a97badf2d35081';

export const newResourceServerExamples = {
  shipments: {
    summary: 'An API with two scopes',
    value: {
      audience: 'https://shipments.example',
      name: 'Shipments',
      environment: 'production',
      scopes: [
        { name: 'shipments:read', description: 'See one’s own shipments.' },
        { name: 'shipments:write', description: 'Book shipments.' },
      ],
    },
  },
  sensitive: {
    summary: 'An API with a scope that a second person has to approve',
    value: {
      audience: 'https://customs.example',
      name: 'Customs',
      environment: 'production',
      signing_alg: 'PS256',
      scopes: [{ name: 'declarations:file', description: 'File customs declarations.', sensitivity: 'sensitive' }],
    },
  },
};

export const resourceServerPatchExamples = {
  algorithm: { summary: 'Tokens signed with RSA from now on', value: { signing_alg: 'PS256' } },
};

export const newScopeExamples = {
  labels: { summary: 'One more scope', value: { name: 'labels:print', description: 'Print shipping labels.' } },
};

export const scopePatchExamples = {
  approval: { summary: 'Needs a second person from now on', value: { sensitivity: 'sensitive', needs_approval: true } },
};

export const newServerClientExamples = {
  api: {
    summary: 'The API’s own client',
    value: {
      client_id: 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70',
      may_introspect: true,
      may_follow_revocations: true,
    },
  },
};

const ROW = { version: 1, created_at: '2026-02-26T08:12:55.640Z', updated_at: '2026-02-26T08:12:55.640Z' };
const SCOPE_FIELDS = {
  name: 'shipments:read',
  description: 'See one’s own shipments.',
  sensitivity: 'normal',
  needs_approval: false,
};

export const scopeExamples = {
  read: {
    summary: 'A scope',
    value: { id: SCOPE, resource_server_id: SERVER, ...SCOPE_FIELDS, ...ROW },
  },
};

export const resourceServerExamples = {
  shipments: {
    summary: 'An API with a scope',
    value: {
      id: SERVER,
      audience: 'https://shipments.example',
      name: 'Shipments',
      environment: 'production',
      signing_alg: 'ES256',
      scopes: [{ id: SCOPE, ...SCOPE_FIELDS }],
      ...ROW,
    },
  },
};

export const serverClientExamples = {
  api: {
    summary: 'The API’s own client',
    value: {
      resource_server_id: SERVER,
      client_id: 'cli_0198c2f7d0e47b5a91c26f8e3d1a4b70',
      environment: 'production',
      may_introspect: true,
      may_follow_revocations: true,
      ...ROW,
    },
  },
};
