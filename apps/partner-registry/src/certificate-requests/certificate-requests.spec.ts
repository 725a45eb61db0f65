import {
  createCertificationRequest,
  type CertificationRequestOptions,
  type RequestedCertificate,
} from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { judgePath } from '@partner-ecosystem/x509/path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUDIENCE, EVERY_SCOPE, type TestAnswer, type TestRequest } from '../registry.testing.js';
import { startIssuingRegistry, type IssuingRegistry } from './certificate-requests.testing.js';

const LEGAL_NAME = 'Acme, Inc.';

let registry: IssuingRegistry;
let partner_id: string;
/** for sandbox */
let client: string;
let number = 0;

beforeAll(async () => {
  registry = await startIssuingRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  const partner = { slug: `partner-${++number}`, legal_name: LEGAL_NAME };
  partner_id = (await registry.post('/v1/partners', partner)).body.id;
  client = await newClient();
});

async function newClient(fields: object = {}): Promise<string> {
  const request = { partner_id, client_name: 'Importer', environment: 'sandbox', ...fields };
  return (await registry.post('/v1/clients', request)).body.id;
}

const asked = (options: CertificationRequestOptions = {}) => createCertificationRequest(options);
const submit = (csr: string, id = client, fields: object = {}, sent: TestRequest = {}) =>
  registry.post(`/v1/clients/${id}/certificate-requests`, { csr, ...fields }, sent);
const decide = (id: string, action: string, token = registry.second, sent: TestRequest = {}) =>
  registry.act(`/v1/certificate-requests/${id}/${action}`, { reason: 'because' }, { token, ...sent });
const read = async (path: string) => (await registry.call(path)).body;
const certificateOf = ({ body }: TestAnswer) => read(`/v1/certificates/${body.certificate_id}`);

async function issued(options: CertificationRequestOptions = {}, fields: object = {}, id = client) {
  const request = await asked(options);
  const answer = await submit(request.pem, id, fields);
  expect(answer).toMatchObject({ status: 201, body: { status: 'issued' } });
  return { request, certificate: await certificateOf(answer) };
}

async function published(id = client): Promise<{ thumbprint: string }[]> {
  const sql = 'SELECT certificates FROM registry.registered_client WHERE client_id = $1';
  const [row] = await registry.database.query(sql, [id], registry.database.tokenServiceUrl);
  return row.certificates;
}

const actionsOn = async (target: string): Promise<string[]> =>
  (await read(`/v1/audit-events?target=${target}`)).items.map(({ action }: { action: string }) => action);

describe('for sandbox a certificate is issued at once', () => {
  it('with the platform’s names, for the key of the request, in use, below the platform’s root', async () => {
    const { request, certificate } = await issued();
    expect(certificate).toMatchObject({
      client_id: client,
      source: 'issued',
      status: 'active',
      replaces: null,
      certificate_authority_id: expect.stringMatching(/^cau_[0-9a-f]{32}$/),
      subject_dn: `CN=${client},O=Acme\\, Inc.`,
      subject_alternative_names: [{ kind: 'uri', value: `urn:partner-ecosystem:client:${client}` }],
      extended_key_usage: ['1.3.6.1.5.5.7.3.2'],
      path_valid_until: expect.any(String),
      path_trust_anchor_id: `anc_${registry.rootAnchor.replaceAll('-', '')}`,
    });
    expect(certificate.checks.filter(({ result }: { result: string }) => result !== 'pass')).toEqual([]);
    const { leaf, chain } = await downloaded(certificate.id);
    expect(leaf.x509.publicKey.export({ type: 'spki', format: 'der' })).toEqual(request.spki);
    const path = { intermediates: chain.map(parseCertificate), anchors: [registry.root.certificate], now: new Date() };
    expect(judgePath({ leaf, ...path }).valid).toBe(true);
    expect(await published()).toMatchObject([{ thumbprint: certificate.thumbprint }]);
    expect((await read(`/v1/clients/${client}`)).tls_client_auth_subject_dn).toBe(certificate.subject_dn);
  });

  it('and the audit says who asked, and what came of it', async () => {
    const answer = await submit((await asked()).pem);
    expect(answer.body).toMatchObject({
      requested_by: `cli_${'c'.repeat(32)}`,
      decided_by: null,
      decided_at: expect.any(String),
      version: 2,
      csr: expect.stringMatching(/^-----BEGIN CERTIFICATE REQUEST-----/),
      replaces: null,
      activate: true,
    });
    expect(await actionsOn(answer.body.id)).toEqual(['certificate_request.submitted', 'certificate.issued']);
    expect(await actionsOn(answer.body.certificate_id)).toEqual(['certificate.issued']);
    const { items } = await read('/v1/changes?limit=200');
    const told = items.filter(({ data }: { data: { id?: string } }) =>
      [answer.body.id, answer.body.certificate_id].includes(data.id),
    );
    expect(told.map(({ type, data }: TestAnswer['body']) => [type, data.status])).toEqual([
      ['certificate_request.submitted', 'issued'],
      ['certificate.issued', 'active'],
    ]);
  });

  it.each<[string, (request: RequestedCertificate) => Promise<TestAnswer>]>([
    ['DER in base64', ({ der }) => submit(der.toString('base64'))],
    ['PEM as JSON', ({ pem }) => registry.post(`/v1/clients/${client}/certificate-requests`, { pem })],
    ['PEM itself', ({ pem }) => sendRaw('application/x-pem-file', pem)],
    ['DER itself', ({ der }) => sendRaw('application/pkcs10', der)],
  ])('the request sent as %s', async (_, send) => {
    const request = await asked();
    expect(await send(request)).toMatchObject({ status: 201, body: { csr: request.pem, status: 'issued' } });
  });

  const sendRaw = (type: string, text: string | Buffer) =>
    registry.call(`/v1/clients/${client}/certificate-requests`, { method: 'POST', raw: { type, text } });

  it.each(['RSA-2048', 'P-384', 'P-521', 'Ed25519'] as const)('for a %s key', async (key) => {
    expect((await issued({ key })).certificate.status).toBe('active');
  });

  it('kept pending when it is asked to be; then it takes nobody’s place', async () => {
    client = await newClient({ max_active_certificates: 1 });
    const first = await issued();
    const { body } = await submit((await asked()).pem);
    expect(body).toMatchObject({ code: 'too_many_certificates' });
    const { certificate } = await issued({}, { activate: false, replaces: first.certificate.id });
    expect(certificate).toMatchObject({ status: 'pending', source: 'renewed', replaces: first.certificate.id });
    expect(await published()).toHaveLength(1);
  });

  it('with the registered alternative name, where the client is known by that', async () => {
    client = await newClient({ tls_client_auth_san_dns: 'importer.acme.example' });
    const { certificate } = await issued({ names: [{ dns: 'importer.acme.example' }] });
    expect(certificate.subject_alternative_names).toEqual([
      { kind: 'uri', value: `urn:partner-ecosystem:client:${client}` },
      { kind: 'dns', value: 'importer.acme.example' },
    ]);
    expect(certificate.subject_dn).toBe(`CN=${client},O=Acme\\, Inc.`);
  });
});

describe('the anchor of an issued certificate', () => {
  const anchorsOf = async (id = client): Promise<string[]> =>
    (await read(`/v1/clients/${id}/trust-anchors`)).items.map((anchor: { id: string }) => anchor.id);
  const root = () => `anc_${registry.rootAnchor.replaceAll('-', '')}`;

  it('A14: is linked to a client without a certificate, and beside anchors it has already', async () => {
    await issued();
    expect(await anchorsOf()).toEqual([root()]);
    const other = await newClient();
    const pem = registry.authority.certificatePem;
    const anchor = (await registry.post('/v1/trust-anchors', { name: `Theirs ${number}`, pem, partner_id })).body.id;
    await registry.post(`/v1/clients/${other}/trust-anchors`, { trust_anchor_id: anchor });
    const uploaded = await registry.authority.issueClient({ subject: 'CN=theirs,O=Acme' });
    const path = `/v1/clients/${other}/certificates`;
    const theirs = (await registry.post(path, { pem: uploaded.certificatePem })).body;
    const { certificate } = await issued({}, {}, other);
    expect((await anchorsOf(other)).sort()).toEqual([anchor, root()].sort());
    expect(certificate.path_trust_anchor_id).toBe(root());
    expect(await read(`/v1/certificates/${theirs.id}`)).toMatchObject({
      path_trust_anchor_id: anchor,
      status: 'active',
    });
  });

  it('A14: is not linked where that would take the path from a certificate in use', async () => {
    const uploaded = await registry.authority.issueClient({ subject: 'CN=unjudged,O=Acme' });
    await registry.post(`/v1/clients/${client}/certificates`, { pem: uploaded.certificatePem });
    const { certificate } = await issued();
    expect(await anchorsOf()).toEqual([]);
    expect(certificate).toMatchObject({ status: 'active', path_valid_until: null, subject_dn: 'CN=unjudged,O=Acme' });
    expect(await published()).toHaveLength(2);
  });
});

describe('for production a request waits', () => {
  let waiting: TestAnswer['body'];
  beforeEach(async () => {
    client = await newClient({ environment: 'production' });
    const answer = await submit((await asked()).pem);
    expect(answer).toMatchObject({
      status: 201,
      body: { status: 'submitted', certificate_id: null, decided_at: null },
    });
    waiting = answer.body;
  });

  it('until another operator approves it: the certificate is issued with that', async () => {
    expect(await published()).toEqual([]);
    const answer = await decide(waiting.id, 'approve');
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'issued', decided_by: registry.secondClientId, decision_reason: 'because', version: 2 },
    });
    expect(await certificateOf(answer)).toMatchObject({ status: 'active', spki_sha256: waiting.spki_sha256 });
    expect(await published()).toHaveLength(1);
    expect(await actionsOn(waiting.id)).toEqual([
      'certificate_request.submitted',
      'certificate_request.approved',
      'certificate.issued',
    ]);
    expect(await decide(waiting.id, 'approve')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
  });

  it('and is never approved by who made it, nor by the client it is for', async () => {
    for (const clientId of [waiting.requested_by, client]) {
      const token = await tokenOf(clientId);
      expect(await decide(waiting.id, 'approve', token)).toMatchObject({ status: 403, body: { code: 'own_request' } });
    }
    const lacking = EVERY_SCOPE.filter((scope) => scope !== 'registry:certificates:approve');
    const writer = await tokenOf(registry.secondClientId, lacking);
    expect(await decide(waiting.id, 'approve', writer)).toMatchObject({ body: { code: 'insufficient_scope' } });
    expect(await published()).toEqual([]);
    const taken = await decide(waiting.id, 'reject', await tokenOf(waiting.requested_by));
    expect(taken.body).toMatchObject({ status: 'rejected' });
  });

  const tokenOf = (clientId: string, scopes: readonly string[] = EVERY_SCOPE) =>
    registry.issuer.mint({ certificate: registry.operator, audience: AUDIENCE, scopes, clientId });

  it('and is approved once when two approve at the same moment', async () => {
    const third = await tokenOf(`cli_${'e'.repeat(32)}`);
    const decisions = [
      decide(waiting.id, 'approve'),
      decide(waiting.id, 'approve', third),
      decide(waiting.id, 'reject'),
    ];
    expect((await Promise.all(decisions)).map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await read(`/v1/clients/${client}/certificates`)).items.length).toBeLessThanOrEqual(1);
  });

  it('and is listed, of its client and of all', async () => {
    const { csr, ...listed } = waiting;
    expect(csr).toBeDefined();
    expect((await read(`/v1/clients/${client}/certificate-requests`)).items).toEqual([listed]);
    expect((await read(`/v1/certificate-requests?client_id=${client}&status=submitted`)).items).toEqual([listed]);
    expect((await read(`/v1/certificate-requests?client_id=${client}&status=issued`)).items).toEqual([]);
    const one = await registry.call(`/v1/certificate-requests/${waiting.id}`);
    expect(one).toMatchObject({ status: 200, body: waiting, headers: { etag: '"1"' } });
    expect((await registry.call('/v1/certificate-requests?status=approved')).status).toBe(400);
  });
});

async function downloaded(id: string) {
  const { body } = await registry.call(`/v1/certificates/${id}.pem`);
  const blocks = String(body).match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/g)!;
  const [leaf, ...chain] = blocks.map((block) => parseCertificate(block));
  return { leaf: leaf!, chain: chain.map(({ der }) => der) };
}
