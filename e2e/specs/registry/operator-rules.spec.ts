import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../stack/admin/https-client.js';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import type { Operator } from '../../stack/admin/operator.js';
import { textIn } from '../../stack/admin/operator.js';
import { ENVIRONMENT } from '../../stack/stack-files.js';
import { clientCertificate, StackUnderTest } from '../black-box/stack-under-test.js';
import { anotherOperator, registryScopes, type SecondOperator } from './two-operators.js';

const STRONGEST = 'registry:operators:write';

describe('a plain operator, with every scope but the one over operators, who tries to become more', () => {
  const stack = new StackUnderTest();
  const { operator: strong, running } = stack;
  const registry = running.urls.registry;
  let plain: SecondOperator;
  let partner: OnboardedPartner;

  beforeAll(async () => {
    const scopes = (await registryScopes(strong)).filter((scope) => scope !== STRONGEST);
    plain = await anotherOperator(strong, scopes);
    partner = await stack.onboard(await clientCertificate('CN=ordinary,O=Operator rules'));
  });

  const attempt = (path: string, json: object): Promise<Answer> =>
    plain.operator.send(path, { json, headers: { 'if-match': '*' } });
  const auditedAs = async (operator: string): Promise<unknown[]> =>
    (await strong
      .call(`/v1/audit-events?limit=200&actor=${operator}`, {}, 200)
      .then(({ body }) => body['items'])) as unknown[];

  it('does its everyday work', async () => {
    const answer = await attempt(`/v1/clients/${partner.clientKey}/suspend`, { reason: 'everyday' });
    expect(answer.status).toBe(200);
  });

  describe('is refused, and nothing comes of it:', () => {
    const refused: [string, () => Promise<Answer>, string][] = [
      [
        "a certificate of its own on the stronger operator's client",
        async () => {
          const { certificatePem: pem } = await clientCertificate('CN=operator,O=Partner Ecosystem');
          return attempt(`/v1/clients/${running.operatorClientId}/certificates`, { pem });
        },
        'operator_scope_required',
      ],
      [
        'the scope over operators for itself',
        () => attempt(`/v1/clients/${plain.clientId}/scopes`, { audience: registry, scopes: [STRONGEST] }),
        'operator_scope_required',
      ],
      [
        'a scope of the registry for a client of its choice',
        () =>
          attempt(`/v1/clients/${partner.clientKey}/scopes`, {
            audience: registry,
            scopes: ['registry:clients:write'],
          }),
        'operator_scope_required',
      ],
      [
        'another client for the platform itself',
        async () => {
          const { body } = await strong.send(`/v1/clients/${running.operatorClientId}`);
          return attempt('/v1/clients', {
            partner_id: body['partner_id'],
            client_name: 'Mine',
            environment: 'production',
          });
        },
        'operator_scope_required',
      ],
      [
        "the stronger operator's suspension",
        () => attempt(`/v1/clients/${running.operatorClientId}/suspend`, { reason: 'in the way' }),
        'operator_scope_required',
      ],
      [
        "the platform's own suspension",
        async () => {
          const { body } = await strong.send(`/v1/clients/${running.operatorClientId}`);
          return attempt(`/v1/partners/${String(body['partner_id'])}/suspend`, { reason: 'in the way' });
        },
        'operator_scope_required',
      ],
    ];

    it.each(refused)('%s', async (_, ask, code) => {
      const before = await auditedAs(plain.clientId);
      expect(await ask()).toMatchObject({ status: 403, body: { code } });
      expect(await auditedAs(plain.clientId)).toEqual(before);
    });

    it('the approval of what it requested itself; another operator can approve it', async () => {
      const scope = 'spec:delicate';
      const audience = await delicateServer(strong, scope);
      const requested = await attempt(`/v1/clients/${partner.clientKey}/scopes`, { audience, scopes: [scope] });
      const [grant] = requested.body['items'] as { id: string; status: string }[];
      expect(grant!.status).toBe('requested');
      const approval = `/v1/grants/${grant!.id}/approve`;
      const own = await attempt(approval, { reason: 'looks fine to me' });
      expect(own).toMatchObject({ status: 403, body: { code: 'own_request' } });
      const approved = await strong.send(approval, { json: { reason: 'checked' }, headers: { 'if-match': '*' } });
      expect(approved).toMatchObject({ status: 200, body: { status: 'active' } });
    });
  });

  it('the last operator over operators cannot be switched off, not even by itself', async () => {
    const own = `/v1/clients/${running.operatorClientId}`;
    const { body } = await strong.call(own, {}, 200);
    const platform = `/v1/partners/${String(body['partner_id'])}`;
    await suspendOthers(strong, String(body['partner_id']), running.operatorClientId);
    const [certificate] = await itemsOf(strong, `${own}/certificates`);
    const grant = (await itemsOf(strong, `${own}/scopes?limit=200`)).find(({ scope }) => scope === STRONGEST);
    for (const [path, reason] of [
      [`${own}/suspend`, 'on purpose'],
      [`${own}/retire`, 'on purpose'],
      [`${platform}/suspend`, 'on purpose'],
      [`${platform}/offboard`, 'on purpose'],
      [`/v1/certificates/${String(certificate!['id'])}/revoke`, 'superseded'],
      [`/v1/grants/${String(grant!['id'])}/revoke`, 'on purpose'],
    ] as const) {
      const answer = await strong.send(path, { json: { reason }, headers: { 'if-match': '*' } });
      expect([path, answer.status, answer.body['code']]).toEqual([path, 409, 'last_operator']);
    }
    expect((await strong.send(own)).body).toEqual(body);
  });
});

async function itemsOf(operator: Operator, path: string): Promise<Record<string, unknown>[]> {
  return (await operator.call(path, {}, 200)).body['items'] as Record<string, unknown>[];
}

/** Other specs make operators of the same strength; none of them runs at the same time. */
// Not the APIs, which are clients of the same partner.
async function suspendOthers(operator: Operator, platform: string, own: string): Promise<void> {
  for (const { id } of await itemsOf(operator, `/v1/clients?limit=200&partner_id=${platform}&status=active`)) {
    const grants = await itemsOf(operator, `/v1/clients/${String(id)}/scopes?limit=200`);
    if (id === own || !grants.some(({ scope }) => scope === STRONGEST)) continue;
    const leave = { json: { reason: 'leaves' }, headers: { 'if-match': '*' } };
    await operator.call(`/v1/clients/${String(id)}/suspend`, leave, 200);
  }
}

async function delicateServer(operator: Operator, name: string): Promise<string> {
  const audience = `https://delicate-${process.pid}.example`;
  const json = {
    audience,
    name: 'Delicate',
    environment: ENVIRONMENT,
    scopes: [{ name: 'spec:plain', description: 'x' }],
  };
  const id = textIn(await operator.call('/v1/resource-servers', { json }, 201), 'id');
  const scope = { name, description: 'Needs four eyes', sensitivity: 'sensitive', needs_approval: true };
  await operator.call(`/v1/resource-servers/${id}/scopes`, { json: scope }, 201);
  return audience;
}
