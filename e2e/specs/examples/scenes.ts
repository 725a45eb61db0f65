import type { Stage } from './stage.js';

/** What the path of a call names, and what its If-Match is the version of, if not of the path itself. */
export interface Scene {
  parameters?: Record<string, string>;
  versionOf?: string;
  /** what has to be asked, without its question mark */
  query?: string;
}

type Scenes = Record<string, (stage: Stage) => Promise<Scene>>;

const named = (make: (stage: Stage) => Promise<string>): Scenes[string] => {
  return async (stage) => ({ parameters: { id: await make(stage) } });
};
const nothing = (): Promise<Scene> => Promise.resolve({});
const anchoredClient = async (stage: Stage): Promise<Scene> => {
  const { client, anchor } = await stage.anchored();
  return { parameters: { id: client, anchor }, versionOf: `/v1/clients/${client}` };
};

/** What has to be there before each operation is called. An operation without a scene fails the specification. */
export const SCENES: Scenes = {
  'GET /problems/{code}': async () => ({ parameters: { code: 'not_found' } }),
  'GET /certificate-authorities/{id}.crl': named(async (stage) => (await stage.certificateAuthority()).id),
  'GET /certificate-authorities/{id}.crt': named(async (stage) => (await stage.certificateAuthority()).id),
  'GET /certificate-authorities/roots/{spki}.crl': async (stage) => ({
    parameters: await stage.certificateAuthority(),
  }),
  'GET /certificate-authorities/roots/{spki}.crt': async (stage) => ({
    parameters: await stage.certificateAuthority(),
  }),
  'GET /certificate-authorities/{environment}.pem': async () => ({ parameters: { environment: 'sandbox' } }),
  'POST /v1/partners': nothing,
  'GET /v1/partners': nothing,
  'GET /v1/partners/{id}': named((stage) => stage.partner()),
  'PATCH /v1/partners/{id}': named((stage) => stage.partner()),
  'POST /v1/partners/{id}/activate': named((stage) => stage.partner()),
  'POST /v1/partners/{id}/suspend': named((stage) => stage.partner('activate')),
  'POST /v1/partners/{id}/reinstate': named((stage) => stage.partner('activate', 'suspend')),
  'POST /v1/partners/{id}/offboard': named((stage) => stage.partner('activate')),
  'POST /v1/partners/{id}/revoke-tokens': named((stage) => stage.partner('activate')),
  'POST /v1/partners/{id}/contacts': named((stage) => stage.partner()),
  'GET /v1/partners/{id}/contacts': named((stage) => stage.partner()),
  'GET /v1/contacts/{id}': named((stage) => stage.contact()),
  'PATCH /v1/contacts/{id}': named((stage) => stage.contact()),
  'DELETE /v1/contacts/{id}': named((stage) => stage.contact()),
  'POST /v1/clients': nothing,
  'GET /v1/clients': nothing,
  'GET /v1/clients/{id}': named((stage) => stage.client()),
  'PATCH /v1/clients/{id}': anchoredClient,
  'POST /v1/clients/{id}/activate': named((stage) => stage.client()),
  'POST /v1/clients/{id}/suspend': named((stage) => stage.client('activate')),
  'POST /v1/clients/{id}/reinstate': named((stage) => stage.client('activate', 'suspend')),
  'POST /v1/clients/{id}/retire': named((stage) => stage.client('activate')),
  'POST /v1/clients/{id}/revoke-tokens': named((stage) => stage.client('activate')),
  'POST /v1/revoke-all-tokens': nothing,
  'POST /v1/clients/{id}/certificates': named((stage) => stage.draft()),
  'GET /v1/clients/{id}/certificates': named((stage) => stage.client()),
  'POST /v1/certificates/validate': nothing,
  'GET /v1/certificates': nothing,
  'GET /v1/certificates/{id}': named((stage) => stage.certificate()),
  'GET /v1/certificates/{id}.pem': named((stage) => stage.certificate()),
  'POST /v1/certificates/{id}/activate': named((stage) => stage.certificate({ activate: false })),
  'POST /v1/certificates/{id}/supersede': named((stage) => stage.certificate()),
  'POST /v1/certificates/{id}/withdraw-dates': named((stage) => stage.plannedCertificate()),
  'POST /v1/certificates/{id}/revoke': named((stage) => stage.certificate()),
  'POST /v1/clients/{id}/certificate-requests': named((stage) => stage.draft()),
  'GET /v1/clients/{id}/certificate-requests': named((stage) => stage.draft()),
  'POST /v1/certificate-requests/validate': nothing,
  'GET /v1/certificate-requests': nothing,
  'GET /v1/certificate-requests/{id}': named((stage) => stage.certificateRequest()),
  'POST /v1/certificate-requests/{id}/approve': named((stage) => stage.certificateRequest()),
  'POST /v1/certificate-requests/{id}/reject': named((stage) => stage.certificateRequest()),
  'POST /v1/trust-anchors': nothing,
  'GET /v1/trust-anchors': nothing,
  'GET /v1/trust-anchors/{id}': named((stage) => stage.anchor()),
  'PATCH /v1/trust-anchors/{id}': named((stage) => stage.anchor()),
  'GET /v1/trust-anchors/{id}/impact': async (stage) => ({
    parameters: { id: (await stage.anchored()).anchor },
    query: 'change=retire',
  }),
  'GET /v1/partners/{id}/impact': async (stage) => ({
    parameters: { id: await stage.partner('activate') },
    query: 'change=suspend',
  }),
  'GET /v1/clients/{id}/impact': async (stage) => ({
    parameters: { id: await stage.client('activate') },
    query: 'change=suspend',
  }),
  'GET /v1/certificates/{id}/impact': async (stage) => ({
    parameters: { id: await stage.certificate() },
    query: 'change=supersede',
  }),
  'GET /v1/certificates/expiry-summary': nothing,
  'GET /v1/trust-anchors/{id}/dependents': async (stage) => ({ parameters: { id: (await stage.anchored()).anchor } }),
  'POST /v1/trust-anchors/{id}/crls': named((stage) => stage.anchorWithList()),
  'GET /v1/trust-anchors/{id}/crls': named((stage) => stage.anchor()),
  'POST /v1/trust-anchors/{id}/retire': named((stage) => stage.anchor()),
  'GET /v1/clients/{id}/trust-anchors': anchoredClient,
  'PUT /v1/clients/{id}/trust-anchors': async (stage) => {
    const id = await stage.draft();
    return { parameters: { id }, versionOf: `/v1/clients/${id}` };
  },
  'POST /v1/clients/{id}/trust-anchors': named((stage) => stage.draft()),
  'DELETE /v1/clients/{id}/trust-anchors/{anchor}': anchoredClient,
  'POST /v1/resource-servers': nothing,
  'GET /v1/resource-servers': nothing,
  'GET /v1/resource-servers/{id}': named((stage) => stage.server()),
  'PATCH /v1/resource-servers/{id}': named((stage) => stage.server()),
  'POST /v1/resource-servers/{id}/scopes': named((stage) => stage.server()),
  'GET /v1/scopes/{id}': named((stage) => stage.scope()),
  'PATCH /v1/scopes/{id}': named((stage) => stage.scope()),
  'GET /v1/resource-servers/{id}/clients': named((stage) => stage.server()),
  'POST /v1/resource-servers/{id}/clients': named((stage) => stage.server()),
  'DELETE /v1/resource-servers/{id}/clients/{client}': async (stage) => {
    const { server, client } = await stage.link();
    return { parameters: { id: server, client }, versionOf: `/v1/resource-servers/${server}/clients` };
  },
  'POST /v1/clients/{id}/scopes': named((stage) => stage.draft()),
  'GET /v1/clients/{id}/scopes': named((stage) => stage.client()),
  'GET /v1/grants/{id}/impact': async (stage) => ({
    parameters: { id: await stage.grant() },
    query: 'change=revoke',
  }),
  'GET /v1/grants': nothing,
  'GET /v1/grants/{id}': named((stage) => stage.grant()),
  'POST /v1/grants/{id}/approve': named((stage) => stage.requestedGrant()),
  'POST /v1/grants/{id}/reject': named((stage) => stage.requestedGrant()),
  'POST /v1/grants/{id}/revoke': named((stage) => stage.grant()),
  'GET /v1/audit-events': nothing,
  'GET /v1/changes': nothing,
};
