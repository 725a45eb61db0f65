import { generateKeyPairSync } from 'node:crypto';
import { createAuthority, mintCertificate, mintCrl, type Issued } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUDIENCE, EVERY_SCOPE, SHIPMENTS, startRegistry, type TestRegistry } from '../registry.testing.js';

// The contract with the token service. A change here is a change of both apps: only ever add.
const COLUMNS = {
  client_id: 'text',
  partner_id: 'text',
  client_name: 'text',
  environment: 'text',
  client_status: 'text',
  partner_status: 'text',
  usable: 'boolean',
  token_endpoint_auth_method: 'text',
  tls_client_auth_subject_dn: 'text',
  tls_client_auth_san_dns: 'text',
  tls_client_auth_san_uri: 'text',
  tls_client_auth_san_ip: 'text',
  tls_client_auth_san_email: 'text',
  certificate_policy: 'text',
  access_token_ttl: 'integer',
  default_resource: 'text',
  certificates: 'jsonb',
  grants: 'jsonb',
  jwks: 'jsonb',
  jwks_uri: 'text',
  bound_access_tokens: 'boolean',
  trust_anchors: 'jsonb',
  intermediates: 'jsonb',
  revoked_certificates: 'jsonb',
  introspects: 'jsonb',
};

let registry: TestRegistry;
let issued: Issued;
let partnerId: string;
let clientId: string;
let certificateId: string;
let number = 0;

const act = async (path: string, reason = 'because') => {
  expect((await registry.act(path, { reason })).status).toBe(200);
};

/** As the token service reads it. */
async function published(id = clientId) {
  const sql = 'SELECT * FROM registry.registered_client WHERE client_id = $1';
  const rows = await registry.database.query(sql, [id], registry.database.tokenServiceUrl);
  expect(rows).toHaveLength(1);
  return rows[0];
}

const changes = (sql: string, values: unknown[] = []) =>
  registry.database.query(sql, values, registry.database.tokenServiceUrl);

async function lastChange(): Promise<string> {
  return (await changes('SELECT coalesce(max(seq), 0) AS seq FROM registry.registered_client_change'))[0].seq;
}

async function changedSince(seq: string): Promise<string[]> {
  const rows = await changes('SELECT client_id FROM registry.registered_client_change WHERE seq > $1', [seq]);
  return rows.map(({ client_id }) => client_id);
}

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  const slug = `partner-${++number}`;
  partnerId = (await registry.post('/v1/partners', { slug, legal_name: 'Acme' })).body.id;
  const newClient = {
    partner_id: partnerId,
    client_name: 'Importer',
    environment: 'production',
    default_resource: SHIPMENTS,
  };
  clientId = (await registry.post('/v1/clients', newClient)).body.id;
  issued = await registry.authority.issueClient({ subject: `CN=${slug},O=Acme` });
  certificateId = (await registry.post(`/v1/clients/${clientId}/certificates`, { pem: issued.certificatePem })).body.id;
  await registry.post(`/v1/clients/${clientId}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'] });
  await act(`/v1/clients/${clientId}/activate`);
  await act(`/v1/partners/${partnerId}/activate`);
});

describe('registry.registered_client', () => {
  it('has exactly these columns, of these types', async () => {
    const rows = await registry.database.query(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
        WHERE attrelid = 'registry.registered_client'::regclass AND attnum > 0 ORDER BY attnum`,
      [],
      registry.database.adminUrl,
    );
    expect(Object.fromEntries(rows.map(({ name, type }) => [name, type]))).toEqual(COLUMNS);
  });

  it('says everything that /token needs to know of a client', async () => {
    const { notBefore, notAfter } = await validityOf(certificateId);
    expect(await published()).toEqual({
      client_id: clientId,
      partner_id: partnerId,
      client_name: 'Importer',
      environment: 'production',
      client_status: 'active',
      partner_status: 'active',
      usable: true,
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: `CN=partner-${number},O=Acme`,
      tls_client_auth_san_dns: null,
      tls_client_auth_san_uri: null,
      tls_client_auth_san_ip: null,
      tls_client_auth_san_email: null,
      certificate_policy: 'registered_only',
      access_token_ttl: 300,
      default_resource: SHIPMENTS,
      certificates: [
        {
          thumbprint: issued.thumbprint,
          tbs_sha256: parseCertificate(issued.der).tbsSha256,
          spki_sha256: parseCertificate(issued.der).spkiSha256,
          not_before: notBefore,
          not_after: notAfter,
          retire_at: null,
          activate_at: null,
          path_valid_until: null,
        },
      ],
      grants: [{ audience: SHIPMENTS, scope: 'shipments:read', valid_until: null, signing_alg: 'ES256' }],
      jwks: null,
      jwks_uri: null,
      bound_access_tokens: true,
      trust_anchors: [],
      intermediates: [],
      revoked_certificates: [],
      introspects: [],
    });
  });

  it('shows drafts, without subject, certificates and grants', async () => {
    const draft = (await registry.post('/v1/clients', { partner_id: partnerId, client_name: 'Draft' })).body.id;
    expect(await published(draft)).toMatchObject({
      client_status: 'draft',
      usable: false,
      tls_client_auth_subject_dn: null,
      certificates: [],
      grants: [],
    });
  });

  it('drops a revoked certificate and keeps the other one', async () => {
    const next = await registry.authority.issueClient({ subject: `CN=partner-${number},O=Acme` });
    await registry.post(`/v1/clients/${clientId}/certificates`, { pem: next.certificatePem });
    expect((await published()).certificates).toHaveLength(2);
    await act(`/v1/certificates/${certificateId}/revoke`, 'superseded');
    expect((await published()).certificates).toMatchObject([{ thumbprint: next.thumbprint }]);
  });

  it('A37: names revoked certificates with their contents and keys, whoever wants to know why one is missing', async () => {
    await act(`/v1/certificates/${certificateId}/revoke`, 'superseded');
    const { spkiSha256: spki_sha256, tbsSha256: tbs_sha256 } = parseCertificate(issued.der);
    expect((await published()).revoked_certificates).toEqual([
      { thumbprint: issued.thumbprint, tbs_sha256, spki_sha256 },
    ]);
  });

  it('shows anchors, intermediates and until when the paths hold', async () => {
    const authority = await createAuthority({ name: 'Partner Root', intermediate: true });
    const request = { name: 'Root', pem: authority.certificatePem, crl_mode: 'soft', partner_id: partnerId };
    const anchor = (await registry.post('/v1/trust-anchors', request)).body;
    const other = (await registry.post('/v1/clients', { partner_id: partnerId, client_name: 'Other' })).body.id;
    await registry.post(`/v1/clients/${other}/trust-anchors`, { trust_anchor_id: anchor.id });
    const { chainPem } = await authority.issueClient({ subject: 'CN=other' });
    const certificate = (await registry.post(`/v1/clients/${other}/certificates`, { pem: chainPem })).body;
    const [root, intermediate] = certificatesIn(authority.bundlePem);
    expect(await published(other)).toMatchObject({
      trust_anchors: [
        { id: anchor.id, certificate: root, spki_sha256: anchor.spki_sha256, crl_mode: 'soft', crls: [] },
      ],
      intermediates: [intermediate],
      certificates: [{ path_valid_until: certificate.path_valid_until }],
    });
  });

  it('names the CRLs of anchors that look at them, which are found by their hash', async () => {
    const root = await mintCertificate({ subject: 'CN=Listing Root', authority: true });
    const request = { name: 'Root', pem: root.certificatePem, partner_id: partnerId };
    const { id } = (await registry.post('/v1/trust-anchors', request)).body;
    const other = (await registry.post('/v1/clients', { partner_id: partnerId, client_name: 'Other' })).body.id;
    await registry.post(`/v1/clients/${other}/trust-anchors`, { trust_anchor_id: id });
    const der = mintCrl({ issuer: root });
    const body = { der: der.toString('base64') };
    const { sha256 } = (await registry.post(`/v1/trust-anchors/${id}/crls`, body)).body;
    expect((await published(other)).trust_anchors).toMatchObject([{ crl_mode: 'soft', crls: [sha256] }]);
    const sql = 'SELECT * FROM registry.published_crl WHERE sha256 = $1';
    const lists = await registry.database.query(sql, [sha256], registry.database.tokenServiceUrl);
    expect(lists).toEqual([{ sha256, der }]);
    await registry.patch(`/v1/trust-anchors/${id}`, { crl_mode: 'off' }, 1);
    expect((await published(other)).trust_anchors).toMatchObject([{ crl_mode: 'off', crls: [] }]);
  });

  it('shows the keys of a client that signs, and where they are', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one' }] };
    const method = { token_endpoint_auth_method: 'private_key_jwt', partner_id: partnerId, client_name: 'Signs' };
    const inline = (await registry.post('/v1/clients', { ...method, jwks })).body.id;
    expect(await published(inline)).toMatchObject({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
      jwks_uri: null,
    });
    const jwks_uri = 'https://acme.example/jwks';
    const elsewhere = (await registry.post('/v1/clients', { ...method, jwks_uri })).body.id;
    expect(await published(elsewhere)).toMatchObject({ jwks: null, jwks_uri });
  });

  it('drops a certificate that was superseded or is pending, and a grant that is only requested', async () => {
    const { certificatePem: pem } = await registry.authority.issueClient({ subject: `CN=partner-${number},O=Acme` });
    await registry.post(`/v1/clients/${clientId}/certificates`, { pem, activate: false });
    await act(`/v1/certificates/${certificateId}/supersede`);
    const audience = `https://guarded-${number}.example`;
    const scopes = [{ name: 'x', description: 'X', needs_approval: true }];
    await registry.post('/v1/resource-servers', { audience, name: 'Guarded', environment: 'production', scopes });
    await registry.post(`/v1/clients/${clientId}/scopes`, { audience, scopes: ['x'] });
    expect(await published()).toMatchObject({ certificates: [], grants: [{ scope: 'shipments:read' }] });
  });

  it('keeps an expired certificate, whose dates the reader judges, and the end of a grant likewise', async () => {
    const valid_until = '2020-01-01T00:00:00.000Z';
    await registry.post(`/v1/clients/${clientId}/scopes`, {
      audience: SHIPMENTS,
      scopes: ['shipments:read'],
      valid_until,
    });
    expect((await published()).grants).toMatchObject([{ audience: SHIPMENTS, scope: 'shipments:read', valid_until }]);
  });

  it('names whose tokens a client may ask about, and tells the copies when that changes', async () => {
    const server = (await registry.call(`/v1/resource-servers?audience=${SHIPMENTS}`)).body.items[0].id;
    const links = `/v1/resource-servers/${server}/clients`;
    const link = (fields: object) => registry.post(links, { client_id: clientId, ...fields });
    const introspected = async (change: () => Promise<{ status: number }>) => {
      const before = await lastChange();
      expect((await change()).status).toBeLessThan(300);
      expect(await changedSince(before)).toContain(clientId);
      return (await published()).introspects;
    };
    expect(await introspected(() => link({ may_introspect: true }))).toEqual([SHIPMENTS]);
    expect(await introspected(() => link({ may_follow_revocations: true }))).toEqual([]);
    expect(await introspected(() => link({ may_introspect: true }))).toEqual([SHIPMENTS]);
    const tag = String((await link({ may_introspect: true })).headers['etag']);
    const unlink = () => registry.call(`${links}/${clientId}`, { method: 'DELETE', headers: { 'if-match': tag } });
    expect(await introspected(unlink)).toEqual([]);
  });

  it('lets nobody ask who is not active, or whose partner is not', async () => {
    const audience = `https://second-${number}.example`;
    const second = { audience, name: 'Second', environment: 'production', scopes: [] };
    const servers = [
      (await registry.call(`/v1/resource-servers?audience=${SHIPMENTS}`)).body.items[0].id,
      (await registry.post('/v1/resource-servers', second)).body.id,
    ];
    for (const server of servers) {
      await registry.post(`/v1/resource-servers/${server}/clients`, { client_id: clientId, may_introspect: true });
    }
    expect((await published()).introspects).toEqual([SHIPMENTS, audience]);
    for (const path of [`/v1/clients/${clientId}`, `/v1/partners/${partnerId}`]) {
      await act(`${path}/suspend`);
      expect((await published()).introspects, path).toEqual([]);
      await act(`${path}/reinstate`);
      expect((await published()).introspects, path).toEqual([SHIPMENTS, audience]);
    }
    const before = await lastChange();
    await act(`/v1/clients/${clientId}/retire`);
    expect((await published()).introspects).toEqual([]);
    expect(await changedSince(before)).toContain(clientId);
  });

  it('makes a suspended client unusable until it is reinstated', async () => {
    await act(`/v1/clients/${clientId}/suspend`);
    expect(await published()).toMatchObject({ client_status: 'suspended', partner_status: 'active', usable: false });
    await act(`/v1/clients/${clientId}/reinstate`);
    expect(await published()).toMatchObject({ client_status: 'active', usable: true });
  });

  it('makes the clients of a suspended partner unusable until it is reinstated', async () => {
    await act(`/v1/partners/${partnerId}/suspend`);
    expect(await published()).toMatchObject({ client_status: 'active', partner_status: 'suspended', usable: false });
    await act(`/v1/partners/${partnerId}/reinstate`);
    expect(await published()).toMatchObject({ partner_status: 'active', usable: true });
  });

  it('shows the operator with every scope of the registry, and no other', async () => {
    const operator = await published(registry.operatorClientId);
    expect(operator).toMatchObject({ usable: true, environment: 'production', default_resource: AUDIENCE });
    const rest = { valid_until: null, signing_alg: 'ES256' };
    expect(operator.grants).toEqual(EVERY_SCOPE.map((scope) => ({ audience: AUDIENCE, scope, ...rest })));
  });

  it('is found by client_id through an index', async () => {
    const sql = `EXPLAIN (FORMAT JSON) SELECT * FROM registry.registered_client WHERE client_id = 'cli_${'0'.repeat(32)}'`;
    const plan = JSON.stringify(await withoutSequentialScans(sql));
    expect(plan).toContain('clients_client_id_key');
    expect(plan).not.toContain('Seq Scan');
  });
});

describe('registry.public_key_owner', () => {
  const owner = async (key: string) => {
    const sql = 'SELECT * FROM registry.public_key_owner WHERE spki_sha256 = $1';
    return registry.database.query(sql, [key], registry.database.tokenServiceUrl);
  };

  it('says whose a key is and whether it was compromised, and nothing of a key nobody has', async () => {
    const { spkiSha256: spki_sha256 } = parseCertificate(issued.der);
    expect(await owner(spki_sha256)).toEqual([{ spki_sha256, partner_id: partnerId, compromised: false }]);
    await act(`/v1/certificates/${certificateId}/revoke`, 'key_compromise');
    expect(await owner(spki_sha256)).toEqual([{ spki_sha256, partner_id: partnerId, compromised: true }]);
    expect(await owner('0'.repeat(64))).toEqual([]);
  });

  it('is found by the key through an index', async () => {
    const sql = `EXPLAIN (FORMAT JSON) SELECT * FROM registry.public_key_owner WHERE spki_sha256 = '${'0'.repeat(64)}'`;
    expect(JSON.stringify(await withoutSequentialScans(sql))).not.toContain('Seq Scan');
  });
});

describe('the role of the token service', () => {
  it.each([
    'partners',
    'partner_contacts',
    'clients',
    'certificates',
    'public_keys',
    'trust_anchors',
    'certificate_identities',
    'client_trust_anchors',
    'crls',
    'resource_servers',
    'resource_server_clients',
    'scopes',
    'grants',
    'migrations',
  ])('cannot read the table %s', async (table) => {
    const read = registry.database.query(`SELECT 1 FROM registry.${table}`, [], registry.database.tokenServiceUrl);
    await expect(read).rejects.toMatchObject({ code: '42501' });
  });

  it('cannot change anything through the view', async () => {
    const change = registry.database.query(
      `UPDATE registry.registered_client SET client_name = 'x'`,
      [],
      registry.database.tokenServiceUrl,
    );
    await expect(change).rejects.toThrow();
  });
});

/** base64 DER */
function certificatesIn(pem: string): string[] {
  return pem
    .split(/-----[A-Z ]+-----/)
    .map((text) => text.replace(/\s/g, ''))
    .filter((text) => text !== '');
}

async function validityOf(id: string): Promise<{ notBefore: string; notAfter: string }> {
  const { not_before, not_after } = (await registry.call(`/v1/certificates/${id}`)).body;
  return { notBefore: not_before.replace('.000Z', 'Z'), notAfter: not_after.replace('.000Z', 'Z') };
}

// Tables of a spec are so small that reading them whole is right; what matters is that there is another way.
async function withoutSequentialScans(sql: string): Promise<unknown> {
  const url = new URL(registry.database.adminUrl);
  url.searchParams.set('options', '-c enable_seqscan=off');
  return registry.database.query(sql, [], url.href);
}
