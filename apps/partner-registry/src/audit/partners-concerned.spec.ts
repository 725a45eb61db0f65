import { createAuthority } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SHIPMENTS, startRegistry, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

const made = async (path: string, json: object): Promise<string> => (await registry.post(path, json)).body.id;

it('who asks for a partner gets what concerned its clients and trust anchors, in order, and nothing of others', async () => {
  const partner_id = await made('/v1/partners', { slug: 'hooli', legal_name: 'Hooli' });
  const other = await made('/v1/partners', { slug: 'acme', legal_name: 'Acme' });
  const names = { client_name: 'Server', environment: 'production' };
  const client = await made('/v1/clients', { partner_id, ...names });
  await made('/v1/clients', { partner_id: other, ...names });
  const { certificatePem: pem } = await createAuthority({ name: 'Hooli CA' });
  const anchor = await made('/v1/trust-anchors', { name: 'Hooli CA', partner_id, pem });
  await registry.post(`/v1/clients/${client}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'] });
  await registry.patch(`/v1/trust-anchors/${anchor}`, { name: 'Hooli Machine CA' }, 1);
  await registry.act(`/v1/clients/${client}/retire`, { reason: 'over' });
  const { items } = (await registry.call(`/v1/audit-events?target=${partner_id}`)).body;
  expect(items.map(({ action }: { action: string }) => action)).toEqual([
    ...['partner.created', 'client.registered', 'trust_anchor.registered', 'client.changed', 'grant.granted'],
    ...['trust_anchor.changed', 'client.retired'],
  ]);
  for (const { targets } of items) expect(targets).not.toContain(other);
});
