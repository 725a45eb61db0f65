import { webcrypto } from 'node:crypto';
import type { Issued } from '@partner-ecosystem/test-pki';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  AUDIENCE,
  EVERY_SCOPE,
  SHIPMENTS,
  startRegistry,
  type TestAnswer,
  type TestRegistry,
} from '../registry.testing.js';

let registry: TestRegistry;
let platform: string;
let operator: string;
let certificate: string;

beforeEach(async () => {
  registry = await startRegistry();
  operator = registry.operatorClientId;
  platform = (await read(`/v1/clients/${operator}`)).partner_id;
  certificate = (await read(`/v1/clients/${operator}/certificates`)).items[0].id;
});

afterEach(() => registry?.stop());

const read = async (path: string) => (await registry.call(path)).body;
const act = (path: string, reason = 'unspecified', token?: string) =>
  registry.act(path, { reason }, token === undefined ? {} : { token });

const keyPair = () =>
  webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;

interface Operator {
  id: string;
  certificate: string;
  issued: Issued;
  token: string;
}

/** An operator with these scopes, who can sign in. */
async function newOperator(scopes: readonly string[]): Promise<Operator> {
  const request = { partner_id: platform, client_name: 'Second', environment: 'production' };
  const { id } = (await registry.post('/v1/clients', request)).body;
  const issued = await registry.authority.issueClient({ subject: `CN=${id}` });
  const uploaded = await registry.post(`/v1/clients/${id}/certificates`, { pem: issued.certificatePem });
  const granted = await registry.post(`/v1/clients/${id}/scopes`, { audience: AUDIENCE, scopes });
  const activated = await act(`/v1/clients/${id}/activate`);
  expect([uploaded.status, granted.status, activated.status]).toEqual([201, 201, 200]);
  const token = await registry.issuer.mint({
    certificate: registry.operator,
    scopes,
    audience: AUDIENCE,
    clientId: id,
  });
  return { id, certificate: uploaded.body.id, issued, token };
}

const grantOf = async (client: string, scope: string): Promise<string> =>
  (await read(`/v1/grants?client_id=${client}&limit=200`)).items.find(
    (grant: { scope: string }) => grant.scope === scope,
  ).id;

/** Every way to switch an operator off. */
async function waysOut(client: string, certificateId: string): Promise<[string, () => Promise<TestAnswer>][]> {
  const grant = await grantOf(client, 'registry:operators:write');
  const ended = { audience: AUDIENCE, scopes: ['registry:operators:write'], valid_until: '2020-01-01T00:00:00Z' };
  return [
    ['suspending it', () => act(`/v1/clients/${client}/suspend`)],
    ['retiring it', () => act(`/v1/clients/${client}/retire`)],
    ['revoking its certificate', () => act(`/v1/certificates/${certificateId}/revoke`)],
    ['revoking its key', () => act(`/v1/certificates/${certificateId}/revoke`, 'key_compromise')],
    ['superseding its certificate', () => act(`/v1/certificates/${certificateId}/supersede`)],
    ['revoking its grant', () => act(`/v1/grants/${grant}/revoke`)],
    ['ending its grant', () => registry.post(`/v1/clients/${client}/scopes`, ended)],
    ['suspending its partner', () => act(`/v1/partners/${platform}/suspend`)],
    ['offboarding its partner', () => act(`/v1/partners/${platform}/offboard`)],
  ];
}

describe('the last operator', () => {
  it('stays, whichever way somebody takes, and nothing is half done', async () => {
    const plain = await newOperator(EVERY_SCOPE.filter((scope) => scope !== 'registry:operators:write'));
    for (const [way, take] of await waysOut(operator, certificate)) {
      expect(await take(), way).toMatchObject({ status: 409, body: { code: 'last_operator' } });
    }
    expect(await read(`/v1/clients/${operator}`)).toMatchObject({ status: 'active' });
    expect(await read(`/v1/certificates/${certificate}`)).toMatchObject({ status: 'active', version: 1 });
    expect(await read(`/v1/partners/${platform}`)).toMatchObject({ status: 'active' });
    const revocations = await registry.database.query('SELECT 1 FROM token.revocation', [], registry.database.adminUrl);
    expect(revocations).toEqual([]);
    expect((await act(`/v1/clients/${plain.id}/suspend`)).status).toBe(200);
  });

  it('may go once there is another, who then is the last', async () => {
    const second = await newOperator(EVERY_SCOPE);
    expect((await act(`/v1/certificates/${certificate}/supersede`)).status).toBe(200);
    for (const [way, take] of await waysOut(second.id, second.certificate)) {
      expect(await take(), way).toMatchObject({ status: 409, body: { code: 'last_operator' } });
    }
    expect((await act(`/v1/certificates/${certificate}/activate`)).status).toBe(200);
    expect((await act(`/v1/clients/${second.id}/retire`)).status).toBe(200);
  });

  it('of two who switch each other off at the same moment one remains', async () => {
    const second = await newOperator(EVERY_SCOPE);
    const answers = await Promise.all([
      act(`/v1/clients/${operator}/suspend`),
      act(`/v1/clients/${second.id}/suspend`),
      act(`/v1/certificates/${second.certificate}/revoke`),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    const [left] = await registry.database.query(
      `SELECT count(*)::int AS able FROM registry.clients c JOIN registry.certificates t ON t.client_id = c.id
        WHERE c.status = 'active' AND t.status = 'active' AND c.client_name <> 'Partner registry'`,
    );
    expect(left.able).toBe(1);
  });

  it('is one who can sign in: an expired certificate, a draft or a suspended client is none', async () => {
    const second = await newOperator(EVERY_SCOPE);
    await registry.database.query(
      `UPDATE registry.certificates SET path_valid_until = now() - interval '1 second' WHERE client_id <> $1`,
      [
        `${operator.slice(4, 12)}-${operator.slice(12, 16)}-${operator.slice(16, 20)}-${operator.slice(20, 24)}-${operator.slice(24)}`,
      ],
    );
    expect((await act(`/v1/clients/${operator}/suspend`)).body.code).toBe('last_operator');
    await act(`/v1/clients/${second.id}/suspend`);
    expect((await act(`/v1/clients/${operator}/suspend`)).body.code).toBe('last_operator');
  });
});

describe('an operator who tries to widen itself', () => {
  const PLAIN = EVERY_SCOPE.filter((scope) => scope !== 'registry:operators:write');
  const refused = (code: string) => ({ status: 403, body: { code } });

  it('without the scope for operators: by a certificate, a grant, a key, an anchor, a scope, or through its own client', async () => {
    const plain = await newOperator(PLAIN);
    const sent = { token: plain.token };
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=operator,O=Platform' });
    const { id: server } = (await read(`/v1/resource-servers?audience=${AUDIENCE}`)).items[0];
    const anchor = { name: 'Mine', pem: registry.authority.certificatePem };
    const { id: anchorId } = (await registry.post('/v1/trust-anchors', anchor, sent)).body;
    const approve = { name: 'registry:new', description: 'New.', needs_approval: false };
    for (const client of [operator, plain.id]) {
      const attempts: [string, object][] = [
        [`/v1/clients/${client}/certificates`, { pem }],
        [`/v1/clients/${client}/scopes`, { audience: AUDIENCE, scopes: ['registry:operators:write'] }],
        [`/v1/clients/${client}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'] }],
        [`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: anchorId }],
        [`/v1/clients/${client}/retire`, { reason: 'x' }],
        [`/v1/grants/${await grantOf(client, 'registry:partners:read')}/revoke`, { reason: 'x' }],
        [`/v1/resource-servers/${server}/scopes`, approve],
        [`/v1/resource-servers/${server}/clients`, { client_id: client, may_introspect: true }],
        [`/v1/partners/${platform}/offboard`, { reason: 'x' }],
        [`/v1/partners/${platform}/contacts`, { kind: 'incident', name: 'x', email: 'x@x.example' }],
        ['/v1/trust-anchors', { ...anchor, partner_id: platform }],
      ];
      for (const [path, json] of attempts) {
        expect(await registry.act(path, json, sent), path).toMatchObject(refused('operator_scope_required'));
      }
      const { version } = await read(`/v1/clients/${client}`);
      const patched = await registry.patch(
        `/v1/clients/${client}`,
        { access_token_ttl: 900 },
        version,
        sentWith(version, plain),
      );
      expect(patched).toMatchObject(refused('operator_scope_required'));
    }
    const scope = (await read(`/v1/resource-servers/${server}`)).scopes[0];
    const weakened = await registry.patch(`/v1/scopes/${scope.id}`, { needs_approval: false }, 1, sentWith(1, plain));
    expect(weakened).toMatchObject(refused('operator_scope_required'));
  });

  const sentWith = (version: number, { token }: Operator) => ({ token, headers: { 'if-match': `"${version}"` } });

  it('with it, but lacking another scope: not by a grant of that scope, nor by a certificate on a stronger client', async () => {
    const weaker = await newOperator(EVERY_SCOPE.filter((scope) => scope !== 'registry:audit:read'));
    const sent = { token: weaker.token };
    const grant = { audience: AUDIENCE, scopes: ['registry:partners:read', 'registry:audit:read'] };
    const granted = await registry.post(`/v1/clients/${weaker.id}/scopes`, grant, sent);
    expect(granted).toMatchObject(refused('scope_not_held'));
    expect(granted.body.detail).toContain('registry:audit:read');
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=operator,O=Platform' });
    expect(await registry.post(`/v1/clients/${operator}/certificates`, { pem }, sent)).toMatchObject(
      refused('scope_not_held'),
    );
    const { version } = await read(`/v1/clients/${operator}`);
    const patched = await registry.patch(
      `/v1/clients/${operator}`,
      { jwks_uri: 'https://a.example' },
      version,
      sentWith(version, weaker),
    );
    expect(patched).toMatchObject(refused('scope_not_held'));
    const { certificatePem: own } = await registry.authority.issueClient({ subject: `CN=${weaker.id}` });
    expect((await registry.post(`/v1/clients/${weaker.id}/certificates`, { pem: own }, sent)).status).toBe(201);
  });

  it('by an anchor that an operator depends on, or a key that an operator shares with another client', async () => {
    const plain = await newOperator(PLAIN);
    const partner = { slug: 'acme', legal_name: 'Acme' };
    const { id: partner_id } = (await registry.post('/v1/partners', partner)).body;
    const keys = await keyPair();
    const anchor = { name: 'Root', pem: registry.authority.certificatePem };
    const { id: anchorId } = (await registry.post('/v1/trust-anchors', anchor)).body;
    const certificates: string[] = [];
    for (const audience of [AUDIENCE, SHIPMENTS]) {
      const request = { partner_id, client_name: audience, environment: 'production' };
      const { id } = (await registry.post('/v1/clients', request)).body;
      const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=shared', keys });
      certificates.push((await registry.post(`/v1/clients/${id}/certificates`, { pem })).body.id);
      const scopes = [audience === AUDIENCE ? 'registry:partners:read' : 'shipments:read'];
      await registry.post(`/v1/clients/${id}/scopes`, { audience, scopes });
      await registry.post(`/v1/clients/${id}/trust-anchors`, { trust_anchor_id: anchorId });
    }
    const ordinary = certificates[1]!;
    const needed = refused('operator_scope_required');
    expect(await act(`/v1/certificates/${ordinary}/revoke`, 'key_compromise', plain.token)).toMatchObject(needed);
    const sent = { token: plain.token };
    const retirement = { reason: 'x', force: true };
    expect(await registry.act(`/v1/trust-anchors/${anchorId}/retire`, retirement, sent)).toMatchObject(needed);
    const patch = await registry.patch(`/v1/trust-anchors/${anchorId}`, { crl_mode: 'off' }, 1, sentWith(1, plain));
    expect(patch).toMatchObject(needed);
    expect((await act(`/v1/certificates/${ordinary}/revoke`, 'unspecified', plain.token)).status).toBe(200);
  });

  it('by its own approval', async () => {
    const { id: server } = (await read(`/v1/resource-servers?audience=${AUDIENCE}`)).items[0];
    const scope = { name: 'registry:sensitive', description: 'Sensitive.', sensitivity: 'sensitive' };
    expect((await registry.post(`/v1/resource-servers/${server}/scopes`, scope)).status).toBe(201);
    const scopes = [...EVERY_SCOPE, 'registry:sensitive'];
    const asking = await newOperator(EVERY_SCOPE);
    const tokenOf = (clientId: string, held: readonly string[]) =>
      registry.issuer.mint({ certificate: registry.operator, scopes: held, audience: AUDIENCE, clientId });
    const grant = { audience: AUDIENCE, scopes: ['registry:sensitive'] };
    const token = await tokenOf(asking.id, scopes);
    const [{ id, status }] = (await registry.post(`/v1/clients/${asking.id}/scopes`, grant, { token })).body.items;
    expect(status).toBe('requested');
    const approve = (by: string) => registry.act(`/v1/grants/${id}/approve`, { reason: 'x' }, { token: by });
    expect(await approve(token)).toMatchObject(refused('own_request'));
    expect(await approve(await tokenOf(operator, EVERY_SCOPE))).toMatchObject(refused('scope_not_held'));
    expect(await approve(await tokenOf(operator, PLAIN))).toMatchObject(refused('operator_scope_required'));
    expect(await approve(await tokenOf(operator, scopes))).toMatchObject({ status: 200, body: { status: 'active' } });
  });
});
