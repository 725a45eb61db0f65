import { createAuthority, createCertificationRequest } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startIssuingRegistry, type IssuingRegistry } from '../certificate-requests/certificate-requests.testing.js';

const CUSTOMS = 'https://customs.example';

let registry: IssuingRegistry;
let number = 0;

beforeAll(async () => {
  registry = await startIssuingRegistry(['production']);
  const scopes = [{ name: 'duties:read', description: 'See duties.', needs_approval: true }];
  await made('/v1/resource-servers', { audience: CUSTOMS, name: 'Customs', environment: 'production', scopes });
});

afterAll(() => registry?.stop());

async function made(path: string, json: object): Promise<string> {
  const { status, body } = await registry.post(path, json);
  expect(status, `${path}: ${JSON.stringify(body)}`).toBe(201);
  return (body.items?.[0] ?? body).id;
}

/** Actions that lead to where the one in question is possible. */
async function after(path: string, ...actions: string[]): Promise<string> {
  for (const action of actions) {
    const { status, body } = await registry.act(`${path}/${action}`, { reason: 'because' });
    expect(status, `${path}/${action}: ${JSON.stringify(body)}`).toBe(200);
  }
  return path;
}

const partner = async () =>
  `/v1/partners/${await made('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' })}`;

async function client(): Promise<string> {
  const partner_id = (await partner()).split('/').at(-1);
  const request = { partner_id, client_name: 'Importer', environment: 'production' };
  return `/v1/clients/${await made('/v1/clients', request)}`;
}

async function upload(owner: string, fields: object = {}): Promise<string> {
  const { certificatePem: pem } = await registry.authority.issueClient({ subject: 'CN=importer' });
  return `/v1/certificates/${await made(`${owner}/certificates`, { pem, ...fields })}`;
}

async function complete(): Promise<string> {
  const path = await client();
  await upload(path);
  return path;
}

async function anchor(): Promise<string> {
  const { certificatePem: pem } = await createAuthority({ name: `Authority ${++number}` });
  return `/v1/trust-anchors/${await made('/v1/trust-anchors', { name: 'Authority', pem })}`;
}

const grant = async () =>
  `/v1/grants/${await made(`${await client()}/scopes`, { audience: CUSTOMS, scopes: ['duties:read'] })}`;

async function request(): Promise<string> {
  const { pem: csr } = await createCertificationRequest();
  return `/v1/certificate-requests/${await made(`${await client()}/certificate-requests`, { csr })}`;
}

async function dated(): Promise<string> {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  return upload(await client(), { activate_at: tomorrow });
}

/** Every action of the API, and what has to be there for it: answers with the path of what it is done to. */
const ACTIONS: [string, () => Promise<string>][] = [
  ['/v1/partners/{id}/activate', partner],
  ['/v1/partners/{id}/suspend', async () => after(await partner(), 'activate')],
  ['/v1/partners/{id}/reinstate', async () => after(await partner(), 'activate', 'suspend')],
  ['/v1/partners/{id}/offboard', partner],
  ['/v1/partners/{id}/revoke-tokens', partner],
  ['/v1/clients/{id}/activate', complete],
  ['/v1/clients/{id}/suspend', async () => after(await complete(), 'activate')],
  ['/v1/clients/{id}/reinstate', async () => after(await complete(), 'activate', 'suspend')],
  ['/v1/clients/{id}/retire', client],
  ['/v1/clients/{id}/revoke-tokens', client],
  ['/v1/certificates/{id}/activate', async () => upload(await client(), { activate: false })],
  ['/v1/certificates/{id}/supersede', async () => upload(await client())],
  ['/v1/certificates/{id}/revoke', async () => upload(await client())],
  ['/v1/certificates/{id}/withdraw-dates', dated],
  ['/v1/certificate-requests/{id}/approve', request],
  ['/v1/certificate-requests/{id}/reject', request],
  ['/v1/trust-anchors/{id}/retire', anchor],
  ['/v1/grants/{id}/approve', grant],
  ['/v1/grants/{id}/reject', grant],
  ['/v1/grants/{id}/revoke', grant],
];

it('every action of the API is in the table below', async () => {
  const { paths } = (await registry.call('/docs/openapi.json')).body as { paths: Record<string, { post?: unknown }> };
  const actions = Object.keys(paths).filter((path) => paths[path]!.post && /\{id\}\/[a-z-]+$/.test(path));
  const nouns = ['contacts', 'certificates', 'certificate-requests', 'scopes', 'clients', 'trust-anchors'];
  const additions = [...nouns, 'crls'].map((noun) => new RegExp(`\\{id\\}/${noun}$`));
  const others = actions.filter((path) => !additions.some((addition) => addition.test(path)));
  expect(ACTIONS.map(([path]) => path).sort()).toEqual(others.sort());
});

describe.each(ACTIONS)('POST %s', (action, stage) => {
  let path: string;
  const verb = action.split('/').at(-1)!;
  const token = ['approve', 'reject'].includes(verb) ? () => ({ token: registry.second }) : () => ({});
  const send = (headers: Record<string, string>) =>
    registry.post(
      `${path}/${verb}`,
      { reason: verb === 'revoke' ? 'unspecified' : 'because' },
      { headers, ...token() },
    );
  const present = async () => (await registry.call(path)).body;

  beforeEach(async () => {
    path = await stage();
  });

  it('without If-Match: 428, which says what to send', async () => {
    const before = await present();
    const answer = await send({});
    expect(answer).toMatchObject({ status: 428, body: { code: 'precondition_required' } });
    expect(answer.body.detail).toMatch(/send its ETag as If-Match,.+ with If-Match: \*\.$/);
    expect(await present()).toEqual(before);
  });

  it('with the ETag of a version that is gone: 412, and nothing is done', async () => {
    const before = await present();
    for (const stale of [`"${before.version + 1}"`, `W/"${before.version}"`]) {
      const answer = await send({ 'if-match': stale });
      expect(answer).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
      expect(answer.body.detail).toContain(`"${before.version}"`);
    }
    expect(await present()).toEqual(before);
  });

  it('with the ETag that was read it is done', async () => {
    const { etag } = (await registry.call(path)).headers as { etag: string };
    expect((await send({ 'if-match': etag })).status).toBe(200);
  });

  it('with * it is done without reading first', async () => {
    expect((await send({ 'if-match': '*' })).status).toBe(200);
  });
});
