import { createPublicKey } from 'node:crypto';
import { mintCertificate, mintTwin, selfSigned, type Issued } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry, type TestRegistry } from '../registry.testing.js';

// A twin has the contents of a certificate under another valid signature, which its holder makes without the issuer.

let registry: TestRegistry;
let partner: string;
let client: string;
let issued: Issued;
/** of this spec alone */
let subject: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  partner = await newPartner();
  subject = `CN=importer-${number},O=Acme`;
  client = await newClient();
  issued = await registry.authority.issueClient({ subject });
});

async function newPartner(): Promise<string> {
  return (await registry.post('/v1/partners', { slug: `partner-${++number}`, legal_name: 'Acme' })).body.id;
}

async function newClient(fields: object = {}): Promise<string> {
  const answer = await registry.post('/v1/clients', { partner_id: partner, client_name: 'Importer', ...fields });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

const upload = ({ certificatePem: pem }: Issued, id = client, fields: object = {}) =>
  registry.post(`/v1/clients/${id}/certificates`, { pem, ...fields });
const act = async (id: string, action: string, reason = 'superseded') =>
  expect((await registry.act(`/v1/certificates/${id}/${action}`, { reason })).status).toBe(200);

async function failedChecks(pem: string): Promise<string[]> {
  const { body } = await registry.post('/v1/certificates/validate', { pem });
  return body.checks.filter(({ result }: { result: string }) => result === 'fail').map(({ id }: { id: string }) => id);
}

const KNOWN = { status: 409, body: { code: 'certificate_known' } };
const REVOKED = { status: 409, body: { code: 'certificate_revoked' } };

describe('A37: a certificate is denied by its contents', () => {
  it('a twin of one in use, or of one that was replaced, is known, with any client of the partner', async () => {
    const { id } = (await upload(issued)).body;
    const twin = mintTwin(issued);
    const clients = [client, await newClient()];
    for (const each of clients) expect(await upload(twin, each)).toMatchObject(KNOWN);
    await act(id, 'supersede');
    for (const each of clients) expect(await upload(twin, each)).toMatchObject(KNOWN);
    expect(await failedChecks(twin.certificatePem)).toEqual(['registered_once']);
    expect((await upload(await registry.authority.issueClient({ subject }))).status).toBe(201);
  });

  it('a twin of a revoked one is revoked', async () => {
    const { id } = (await upload(issued)).body;
    await act(id, 'revoke');
    const twin = mintTwin(issued);
    for (const each of [client, await newClient()]) expect(await upload(twin, each)).toMatchObject(REVOKED);
    expect(await failedChecks(twin.certificatePem)).toContain('revoked');
  });

  it('of twins that come at the same moment one is registered', async () => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => newClient()));
    const twin = mintTwin(issued);
    const answers = await Promise.all(clients.map((id, index) => upload(index % 2 === 0 ? issued : twin, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('a twin of a revoked one is refused in a key set, too', async () => {
    const own = await selfSigned({ subject });
    const keys = (one: Issued) => {
      const jwk = createPublicKey(one.certificatePem).export({ format: 'jwk' });
      return { keys: [{ ...jwk, kid: 'own', x5c: [one.der.toString('base64')] }] };
    };
    const method = { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: keys(own) };
    client = await newClient(method);
    const { id } = (await upload(own)).body;
    await act(id, 'revoke');
    const request = { partner_id: partner, client_name: 'Importer', ...method, jwks: keys(mintTwin(own)) };
    expect(await registry.post('/v1/clients', request)).toMatchObject(REVOKED);
  });
});

describe('A37: a key is denied however it is encoded', () => {
  it('a compromised one, and one of another partner, with a compressed point', async () => {
    const root = await mintCertificate({ subject: 'CN=CA', authority: true });
    const original = await mintCertificate({ subject, issuer: root });
    const { x, y } = createPublicKey(original.certificatePem).export({ format: 'jwk' });
    const sign = Buffer.from(y!, 'base64url').at(-1)! & 1 ? '03' : '02';
    const head = '3039301306072a8648ce3d020106082a8648ce3d030107032200';
    const spki = Buffer.concat([Buffer.from(head + sign, 'hex'), Buffer.from(x!, 'base64url')]);
    const other = () => mintCertificate({ subject, issuer: root, keyOf: { ...original, spki } });
    const { id, spki_sha256: key } = (await upload(original)).body;
    expect(await upload(await other())).toMatchObject({ status: 201, body: { spki_sha256: key } });
    const own = client;
    partner = await newPartner();
    expect((await upload(await other(), await newClient())).body.code).toBe('key_in_use');
    await act(id, 'revoke', 'key_compromise');
    expect(await upload(await other(), own)).toMatchObject(REVOKED);
  });
});

describe('A37: revoking ends tokens of twins that were issued before', () => {
  const records = (id: string) =>
    registry.database.query(
      `SELECT kind, mode, reason FROM token.revocation WHERE subject = $1 ORDER BY seq`,
      [{ client_id: id }],
      registry.database.tokenServiceUrl,
    );

  const publishedOf = (id: string) =>
    registry.database.query(
      'SELECT revoked_certificates FROM registry.registered_client WHERE client_id = $1',
      [id],
      registry.database.tokenServiceUrl,
    );

  async function identityClient(name = subject): Promise<string> {
    const id = await newClient({ tls_client_auth_subject_dn: name });
    const [pem, path] = [registry.authority.certificatePem, `/v1/clients/${id}/trust-anchors`];
    const { body } = await registry.call(`/v1/trust-anchors?partner_id=${partner}`);
    const anchor =
      body.items[0] ?? (await registry.post('/v1/trust-anchors', { name: 'CA', partner_id: partner, pem })).body;
    expect((await registry.post(path, { trust_anchor_id: anchor.id })).status).toBe(201);
    const { version } = (await registry.call(`/v1/clients/${id}`)).body;
    const patched = await registry.patch(`/v1/clients/${id}`, { certificate_policy: 'identity_only' }, version);
    expect(patched.status).toBe(200);
    return id;
  }

  it.each(['revoked', 'retired with its client'])(
    'a certificate %s is denied to clients of its partner',
    async (how) => {
      const [same, other] = [await identityClient(), await identityClient(`OU=other,${subject}`)];
      const { id } = (await upload(issued)).body;
      expect(await publishedOf(same)).toEqual([{ revoked_certificates: [] }]);
      if (how === 'revoked') await act(id, 'revoke');
      else expect((await registry.act(`/v1/clients/${client}/retire`, { reason: 'superseded' })).status).toBe(200);
      const { thumbprint, tbsSha256: tbs_sha256 } = parseCertificate(issued.der);
      expect(await publishedOf(same)).toMatchObject([{ revoked_certificates: [{ thumbprint, tbs_sha256 }] }]);
      expect(await records(same)).toEqual([{ kind: 'client', mode: 'cutoff', reason: 'superseded' }]);
      // the token service is told to read it anew
      const told = `SELECT client_ids FROM registry.outbox_events ORDER BY seq DESC LIMIT 1`;
      const [{ client_ids }] = await registry.database.query(told, [], registry.database.adminUrl);
      const uuids = [client, same].map((one) => one.replace(/^cli_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
      expect(client_ids.sort()).toEqual(uuids.sort());
      expect(await records(other)).toEqual([]);
    },
  );

  it.each(['identity_only', 'registered_only'])('of a client with the policy %s', async (policy) => {
    const pem = registry.authority.certificatePem;
    const anchor = await registry.post('/v1/trust-anchors', { name: 'CA', partner_id: partner, pem });
    const anchored = { trust_anchor_id: anchor.body.id };
    expect((await registry.post(`/v1/clients/${client}/trust-anchors`, anchored)).status).toBe(201);
    const { id } = (await upload(issued)).body;
    const { version } = (await registry.call(`/v1/clients/${client}`)).body;
    const patched = await registry.patch(`/v1/clients/${client}`, { certificate_policy: policy }, version);
    expect(patched.status).toBe(200);
    expect(await records(client)).toEqual([]);
    await act(id, 'revoke');
    // under the other policy no twin ever got a token
    const cutoff = [{ kind: 'client', mode: 'cutoff', reason: 'superseded' }];
    expect(await records(client)).toEqual(policy === 'identity_only' ? cutoff : []);
  });
});
