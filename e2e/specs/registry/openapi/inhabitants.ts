import { createAuthority, type Authority } from '@partner-ecosystem/test-pki';
import { textIn } from '../../../stack/admin/operator.js';
import type { StackUnderTest } from '../../black-box/stack-under-test.js';
import type { KnownValues } from './valid-values.js';

/** Things of every kind, so that a path can name something that is there. */
export async function inhabitants(stack: StackUnderTest): Promise<KnownValues> {
  const authority = await createAuthority({ name: 'Inhabitants CA' });
  const audience = stack.running.urls.resource;
  const identifiers: Record<string, string[]> = {};
  const keep = (id: string): string => ((identifiers[id.slice(0, 3)] ??= []).push(id), id);
  for (const place of ['one', 'two']) {
    const certificate = await authority.issueClient({ subject: `CN=inhabitant-${place}` });
    const partner = await stack.onboard(certificate, ['shipments:read']);
    for (const id of [partner.partnerId, partner.clientKey, partner.certificateId]) keep(id);
    keep(await created(stack, '/v1/clients', { partner_id: partner.partnerId, client_name: 'A draft' }));
    keep(await created(stack, `/v1/partners/${partner.partnerId}/contacts`, contact));
    keep(await created(stack, '/v1/trust-anchors', { name: place, pem: (await anchor(place)).certificatePem }));
    const { body } = await stack.operator.send(`/v1/clients/${partner.clientKey}/scopes`);
    for (const { id } of body['items'] as { id: string }[]) keep(id);
  }
  keep(await created(stack, '/v1/resource-servers', resourceServer()));
  const pems = [await leafOf(authority), await leafOf(authority)];
  return {
    identifiers,
    members: { audience: [audience], scopes: [['shipments:read']], pem: pems, slug: [slug(), slug()] },
  };
}

const contact = { kind: 'technical', name: 'Grace Hopper', email: 'grace@example.com' };

function resourceServer(): object {
  const scopes = [{ name: 'parcels:read', description: 'See parcels.' }];
  return { audience: `https://${slug()}.example`, name: 'Parcels', environment: 'sandbox', scopes };
}

function anchor(name: string): Promise<Authority> {
  return createAuthority({ name: `Anchor ${name}` });
}

async function leafOf(authority: Authority): Promise<string> {
  return (await authority.issueClient({ subject: `CN=${slug()}` })).certificatePem;
}

let slugs = 0;
export function slug(): string {
  return `inhabitant-${process.pid}-${++slugs}`;
}

async function created(stack: StackUnderTest, path: string, json: object): Promise<string> {
  return textIn(await stack.operator.call(path, { json }, 201), 'id');
}
