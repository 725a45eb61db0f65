import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import { Operator, textIn } from '../../stack/admin/operator.js';

let operators = 0;

export interface SecondOperator {
  operator: Operator;
  clientId: string;
  identity: Issued;
}

/** Another client of the platform's own partner, with these scopes of the registry; made by the first operator. */
export async function anotherOperator(first: Operator, scopes: readonly string[]): Promise<SecondOperator> {
  const { urls, clientId: own } = first.access;
  const { body } = await first.call(`/v1/clients/${own}`, {}, 200);
  const authority = await createAuthority({ name: 'Operators CA' });
  const identity = await authority.issueClient({ subject: `CN=operator-${process.pid}-${++operators}` });
  const client = { partner_id: body['partner_id'], client_name: 'Another operator', environment: 'production' };
  const clientId = textIn(await first.call('/v1/clients', { json: client }, 201), 'id');
  await first.call(`/v1/clients/${clientId}/certificates`, { json: { pem: identity.certificatePem } }, 201);
  const grant = { audience: urls.registry, scopes };
  await first.call(`/v1/clients/${clientId}/scopes`, { json: grant }, 201);
  const activation = { json: { reason: 'four eyes' }, headers: { 'if-match': '*' } };
  await first.call(`/v1/clients/${clientId}/activate`, activation, 200);
  const operator = new Operator(first.client, { urls, clientId, identity });
  return { operator, clientId, identity };
}

/** The registry's own scopes, as it shows them. */
export async function registryScopes(operator: Operator): Promise<string[]> {
  const { body } = await operator.call('/v1/resource-servers?limit=200', {}, 200);
  const servers = body['items'] as { audience: string; scopes: { name: string }[] }[];
  const own = servers.find(({ audience }) => audience === operator.access.urls.registry);
  return own!.scopes.map(({ name }) => name);
}
