import type { Authority } from '@partner-ecosystem/test-pki';
import { ENVIRONMENT } from '../../stack/stack-files.js';
import { heldFrom, type HeldClient, type HeldPartner } from './held.js';
import type { Operation } from './operation.js';
import { act, end } from './partner-operations.js';

export function registerClient(partner: HeldPartner, name: string): Operation {
  return {
    action: 'client.registered',
    path: '/v1/clients',
    body: { json: { partner_id: partner.id, client_name: name, environment: ENVIRONMENT } },
    status: 201,
    acknowledge(shown) {
      const client = { ...heldFrom('/v1/clients', shown), subject: `CN=${name}`, certificates: [], grants: [] };
      partner.clients.push(client);
      return client;
    },
  };
}

export async function uploadCertificate(client: HeldClient, authority: Authority): Promise<Operation> {
  const { certificatePem: pem } = await authority.issueClient({ subject: client.subject });
  return {
    action: 'certificate.registered',
    path: `${client.path}/certificates`,
    body: { json: { pem } },
    status: 201,
    acknowledge(shown) {
      const certificate = heldFrom('/v1/certificates', shown);
      client.certificates.push(certificate);
      // the first one brings the client its subject
      client.version = undefined;
      return certificate;
    },
  };
}

export function grantScope(client: HeldClient, audience: string, scope: string): Operation {
  return {
    action: 'grant.granted',
    path: `${client.path}/scopes`,
    // the client itself stays as it is: one object for each answer
    body: { json: { audience, scopes: [scope], set_default_resource: false } },
    status: 201,
    acknowledge(shown) {
      const [item] = shown['items'] as Record<string, unknown>[];
      const grant = heldFrom('/v1/grants', item!);
      client.grants = [...client.grants.filter(({ id }) => id !== grant.id), grant];
      return grant;
    },
  };
}

/** Takes its certificates and grants along. */
export function retireClient(client: HeldClient): Operation {
  const operation = act(client, 'retire', 'client.retired');
  return {
    ...operation,
    acknowledge(shown) {
      for (const held of [...client.certificates, ...client.grants]) end(held);
      return operation.acknowledge(shown);
    },
  };
}
