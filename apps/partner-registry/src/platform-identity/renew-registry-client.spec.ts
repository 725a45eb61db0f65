import { webcrypto } from 'node:crypto';
import { createAuthority, type Authority, type Issued, type LeafOptions } from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDatabase, type TestDatabase } from '../database/database.testing.js';
import { AUDIENCE, bootstrap, issueOperator, issueRegistry } from '../registry.testing.js';
import type { Bootstrapped } from './bootstrap-operator.js';
import { renewRegistryClient, type RegistryClientRenewal } from './renew-registry-client.js';

const ISSUER = 'https://localhost:8443';
const TABLES = [
  ...['partners', 'clients', 'certificates', 'public_keys'],
  ...['resource_servers', 'resource_server_clients', 'scopes', 'grants', 'trust_anchors'],
];

let database: TestDatabase;
let authority: Authority;
let operator: Issued;
let itself: Issued;
let ids: Bootstrapped;

beforeAll(async () => {
  [database, authority] = await Promise.all([startDatabase(), createAuthority({ name: 'Test Authority' })]);
});

afterAll(() => database?.stop());

beforeEach(async () => {
  await asAdmin(`TRUNCATE ${TABLES.map((table) => `registry.${table}`).join(', ')} CASCADE`);
  await asAdmin('TRUNCATE token.revocation');
  [operator, itself] = await Promise.all([issueOperator(authority), issueRegistry(authority)]);
  ids = await bootstrap(database.runtimeUrl, operator, itself, ISSUER);
});

const asAdmin = (sql: string, values: unknown[] = []) => database.query(sql, values, database.adminUrl);

const renew = (fields: Partial<RegistryClientRenewal> = {}) =>
  renewRegistryClient({
    databaseUrl: database.runtimeUrl,
    audience: AUDIENCE,
    issuer: ISSUER,
    clientId: ids.registry_client_id,
    registryCertificate: itself.certificatePem,
    now: new Date(),
    ...fields,
  });

const issueNext = (options: Partial<LeafOptions> = {}) =>
  authority.issueClient({ subject: 'CN=partner-registry,O=Platform', ...options });

/** As the token service sees it. */
async function published(clientId: string) {
  const sql = 'SELECT * FROM registry.registered_client WHERE client_id = $1';
  const [row] = await database.query(sql, [clientId], database.tokenServiceUrl);
  return row && { ...row, thumbprints: row.certificates.map(({ thumbprint }: Issued) => thumbprint) };
}

const FOLLOWS = {
  usable: true,
  introspects: [AUDIENCE],
  grants: [{ audience: ISSUER, scope: 'revocations:read', valid_until: null, signing_alg: 'ES256' }],
};

/** Everything there is, but for whatever only grows. */
async function everything(): Promise<unknown> {
  const rows = (table: string) => `(SELECT jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)) FROM registry.${table} t)`;
  const columns = TABLES.map((table) => `${rows(table)} AS ${table}`);
  return (await asAdmin(`SELECT ${columns.join(', ')}, (SELECT count(*) FROM registry.outbox_events) AS events`))[0];
}

async function audited(): Promise<string[]> {
  const sql = `SELECT action FROM registry.audit_events WHERE canonical LIKE '%command:renew-registry-client%' AND seq > $1 ORDER BY seq`;
  return (await asAdmin(sql, [auditedBefore])).map(({ action }) => action);
}

let auditedBefore: string;
beforeEach(async () => {
  [{ auditedBefore }] = await asAdmin('SELECT coalesce(max(seq), 0) AS "auditedBefore" FROM registry.audit_events');
});

const ITS = `client_id = (SELECT id FROM registry.clients WHERE client_name = 'Partner registry')`;
const LOSSES: [string, string, string[]][] = [
  ['is suspended', `UPDATE registry.clients SET status = 'suspended'`, ['client.reinstated']],
  ['was only a draft', `UPDATE registry.clients SET status = 'draft'`, ['client.activated']],
  ['lost its grant', `UPDATE registry.grants SET status = 'revoked' WHERE ${ITS}`, ['grant.granted']],
  ['has a grant that ended', `UPDATE registry.grants SET valid_until = '2020-01-01' WHERE ${ITS}`, ['grant.granted']],
  ['never had a grant', `DELETE FROM registry.grants WHERE ${ITS}`, ['grant.granted']],
  ['is not linked', `DELETE FROM registry.resource_server_clients WHERE ${ITS}`, ['resource_server.client_linked']],
  ['belongs to a suspended partner', `UPDATE registry.partners SET status = 'suspended'`, ['partner.reinstated']],
  ['has an expired certificate', `UPDATE registry.certificates SET not_after = now() - interval '1 second'`, []],
  [
    'has a revoked certificate',
    `UPDATE registry.certificates SET status = 'revoked', revoked_at = now(), revocation_reason = 'key_compromise'`,
    [],
  ],
];

describe('renewing the registry’s own client', () => {
  it.each(LOSSES)('brings back one that %s, with its next certificate', async (_, loss, actions) => {
    await asAdmin(loss);
    const next = await issueNext();
    const renewed = await renew({ registryCertificate: next.certificatePem });
    expect(renewed).toEqual({ registry_client_id: ids.registry_client_id });
    const now = await published(ids.registry_client_id);
    expect(now).toMatchObject(FOLLOWS);
    expect(now.thumbprints).toContain(next.thumbprint);
    const expected = ['certificate.registered', ...actions, 'registry_client.renewed'];
    expect((await audited()).sort()).toEqual(expected.sort());
  });

  it('ends what the guards were told of it: older tokens stay refused, new ones pass', async () => {
    const partner_id = (await published(ids.registry_client_id)).partner_id;
    const client = { client_id: ids.registry_client_id };
    const subjects = [
      ['client', client, `UPDATE registry.clients SET status = 'suspended' WHERE client_id = '${client.client_id}'`],
      ['partner', { partner_id }, `UPDATE registry.partners SET status = 'suspended'`],
      [
        'grant',
        { ...client, audience: ISSUER, scope: 'revocations:read' },
        `UPDATE registry.grants SET status = 'revoked' WHERE ${ITS}`,
      ],
      [
        'certificate',
        { thumbprint: itself.thumbprint },
        `UPDATE registry.certificates SET status = 'superseded' WHERE ${ITS}`,
      ],
    ] as const;
    for (const [kind, subject, sql] of subjects) {
      await asAdmin(sql);
      const off = `SELECT token.record_revocation($1, $2, 'off', 'test', '{}')`;
      await database.query(off, [kind, JSON.stringify(subject)]);
    }
    await renew();
    const modes = await asAdmin('SELECT kind, mode, reason FROM token.revocation ORDER BY kind');
    expect(modes.map(({ kind, mode }) => [kind, mode])).toEqual(
      ['certificate', 'client', 'grant', 'partner'].map((kind) => [kind, 'cutoff']),
    );
    expect(await published(ids.registry_client_id)).toMatchObject({ ...FOLLOWS, thumbprints: [itself.thumbprint] });
  });

  it('changes nothing of what is as it should be, however often it is run', async () => {
    const before = await everything();
    await renew();
    await renew({ clientId: undefined });
    expect(await everything()).toEqual(before);
    expect(await audited()).toEqual(['registry_client.renewed', 'registry_client.renewed']);
  });

  it('makes it where there never was one, with the token service as a resource server; at once, repeated, one', async () => {
    await asAdmin(`DELETE FROM registry.resource_server_clients; DELETE FROM registry.grants WHERE ${ITS};
      DELETE FROM registry.certificates WHERE ${ITS}; DELETE FROM registry.clients WHERE client_name = 'Partner registry';
      DELETE FROM registry.scopes WHERE name = 'revocations:read'; DELETE FROM registry.resource_servers WHERE audience = '${ISSUER}'`);
    const renewed = await Promise.all([1, 2, 3].map(() => renew({ clientId: undefined })));
    const [{ registry_client_id: made }] = renewed as [{ registry_client_id: string }];
    expect(renewed).toEqual([1, 2, 3].map(() => ({ registry_client_id: made })));
    expect(made).not.toBe(ids.registry_client_id);
    expect(await published(made)).toMatchObject({ ...FOLLOWS, thumbprints: [itself.thumbprint] });
    const [{ count }] = await asAdmin('SELECT count(*)::int FROM registry.clients');
    expect(count).toBe(2);
  });

  it('adds the scope where somebody registered the token service without it, and waits for no approval', async () => {
    await asAdmin(
      `DELETE FROM registry.grants WHERE ${ITS}; DELETE FROM registry.scopes WHERE name = 'revocations:read'`,
    );
    await renew();
    expect(await published(ids.registry_client_id)).toMatchObject(FOLLOWS);
    await asAdmin(`UPDATE registry.scopes SET needs_approval = true WHERE name = 'revocations:read'`);
    await asAdmin(`UPDATE registry.grants SET valid_until = now() + interval '1 hour' WHERE ${ITS}`);
    await renew();
    expect(await published(ids.registry_client_id)).toMatchObject(FOLLOWS);
    const other = await issueNext();
    const { registry_client_id } = await renew({ clientId: undefined, registryCertificate: other.certificatePem });
    expect(await published(registry_client_id)).toMatchObject(FOLLOWS);
  });

  it('makes room by superseding the certificate that ends first', async () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    const kept = [await issueNext({ notAfter: inDays(60) }), await issueNext({ notAfter: inDays(50) })];
    for (const { certificatePem } of kept) await renew({ registryCertificate: certificatePem });
    const next = await issueNext({ notAfter: inDays(40) });
    await asAdmin(
      `UPDATE registry.certificates SET not_after = now() + interval '1 day' WHERE ${ITS} AND sha256 = $1`,
      [Buffer.from(itself.thumbprint, 'base64url').toString('hex')],
    );
    await renew({ registryCertificate: next.certificatePem });
    const { thumbprints } = await published(ids.registry_client_id);
    expect(thumbprints).toEqual([...kept, next].map(({ thumbprint }) => thumbprint));
    const told = await asAdmin('SELECT kind, subject, mode FROM token.revocation');
    expect(told).toEqual([{ kind: 'certificate', subject: { thumbprint: itself.thumbprint }, mode: 'off' }]);
  });
});

describe('renewing the registry’s own client is refused, and nothing is changed', () => {
  it('for a certificate that no upload would get past either, with the checks it fails', async () => {
    const past = { notBefore: new Date(Date.now() - 20_000), notAfter: new Date(Date.now() - 10_000) };
    const failing = (id: string) => expect.arrayContaining([expect.objectContaining({ id, result: 'fail' })]);
    await asAdmin(`UPDATE registry.clients SET status = 'suspended' WHERE client_name = 'Partner registry'`);
    const before = await everything();
    for (const clientId of [ids.registry_client_id, undefined]) {
      for (const [registryCertificate, refused] of [
        [(await issueNext(past)).certificatePem, { code: 'certificate_refused', checks: failing('expired') }],
        [itself.privateKeyPem, { code: 'private_key_in_request' }],
        ['nonsense', { code: 'certificate_malformed' }],
        [operator.certificatePem + itself.certificatePem, { code: 'certificate_bundle' }],
      ] as const) {
        const message = expect.stringMatching(/^(?:the registry: )/);
        await expect(renew({ clientId, registryCertificate })).rejects.toMatchObject({ ...refused, message });
      }
    }
    const other = { registryCertificate: (await issueNext({ subject: 'CN=other' })).certificatePem };
    await expect(renew(other)).rejects.toMatchObject({ checks: failing('subject_value') });
    expect(await everything()).toEqual(before);
  });

  it('for the certificate of an operator, and for one that was revoked', async () => {
    const operators = { clientId: undefined, registryCertificate: operator.certificatePem };
    await expect(renew(operators)).rejects.toMatchObject({ code: 'certificate_known' });
    await asAdmin(
      `UPDATE registry.certificates SET status = 'revoked', revoked_at = now(), revocation_reason = 'unspecified' WHERE ${ITS}`,
    );
    for (const clientId of [ids.registry_client_id, undefined]) {
      await expect(renew({ clientId })).rejects.toMatchObject({ code: 'certificate_revoked' });
    }
  });

  it('for another certificate of a key that was reported compromised', async () => {
    const curve = { name: 'ECDSA', namedCurve: 'P-256' };
    const keys = (await webcrypto.subtle.generateKey(curve, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
    const [first, again] = [await issueNext({ keys }), await issueNext({ keys })];
    await renew({ registryCertificate: first.certificatePem });
    await asAdmin('UPDATE registry.public_keys SET compromised_at = now()');
    const refused = renew({ registryCertificate: again.certificatePem });
    await expect(refused).rejects.toMatchObject({ code: 'certificate_revoked' });
  });

  it.each([
    ['is not registered', `UPDATE registry.clients SET client_name = 'x'`, `cli_${'f'.repeat(32)}`],
    [
      'is retired, which is final',
      `UPDATE registry.clients SET status = 'retired' WHERE client_name = 'Partner registry'`,
    ],
    [
      'does not sign in with registered certificates',
      `UPDATE registry.clients SET jwks_uri = 'https://a.example', tls_client_auth_subject_dn = NULL, token_endpoint_auth_method = 'private_key_jwt'`,
    ],
    [
      'does not belong to the platform',
      `UPDATE registry.partners SET is_platform = false; INSERT INTO registry.partners (slug, legal_name, is_platform, status) VALUES ('other', 'Other', true, 'active')`,
    ],
  ])(
    'for a client that %s; without CLIENT_ID there is another',
    async (fault, sql, clientId = ids.registry_client_id) => {
      await asAdmin(sql);
      const next = { registryCertificate: (await issueNext()).certificatePem };
      const before = await everything();
      await expect(renew({ ...next, clientId })).rejects.toMatchObject({
        code: 'registry_client_lost',
        message: expect.stringMatching(new RegExp(`^The client ${clientId} ${fault}\\. Leave CLIENT_ID out`)),
      });
      expect(await everything()).toEqual(before);
      const { registry_client_id } = await renew({ ...next, clientId: undefined });
      expect(await published(registry_client_id)).toMatchObject(FOLLOWS);
    },
  );

  it('of a registry that was never bootstrapped, another registry, or a platform that is no more', async () => {
    await expect(renew({ audience: 'https://other.example' })).rejects.toThrow(/^AUDIENCE is not what/);
    await asAdmin(`UPDATE registry.partners SET status = 'offboarded'`);
    await expect(renew()).rejects.toThrow(/offboarded, which is final/);
    await asAdmin('TRUNCATE registry.partners CASCADE');
    await expect(renew()).rejects.toThrow(/run bootstrap/);
  });

  it('with more rights than it needs', async () => {
    const refused = renew({ databaseUrl: database.adminUrl });
    await expect(refused).rejects.toMatchObject({ code: 'privilege_excessive' });
  });
});
