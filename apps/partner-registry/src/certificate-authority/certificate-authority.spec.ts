import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { parseCertificate } from '@partner-ecosystem/x509';
import { judgePath, parseCrl, type Crl } from '@partner-ecosystem/x509/path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { showIdentifier } from '../identifiers/identifier.js';
import { startRegistry, type TestRegistry } from '../registry.testing.js';
import { openAuthorityKey } from './authority-key.js';
import { createTestAuthority, createTestRoot, PUBLIC_URL, testAuthorityPolicy } from './authority.testing.js';
import type { CertificateAuthority } from '../records/certificate-authority.entity.js';
import type { Root } from './creation/root.js';
import { issueCertificate } from './issue-certificate.js';
import { authorityUrls } from './publication/publication-urls.js';

const DAY_MS = 86_400_000;
const policy = testAuthorityPolicy();
const encryption = policy.keyEncryptionKey;

let registry: TestRegistry;
let root: Root;
let authority: CertificateAuthority;
let partner_id: string;
let number = 0;

beforeAll(async () => {
  [registry, root] = await Promise.all([startRegistry({ certificateAuthority: policy }), createTestRoot()]);
  authority = await createTestAuthority(registry, root, 'sandbox', { encryption });
  partner_id = (await registry.post('/v1/partners', { slug: 'acme', legal_name: 'Acme' })).body.id;
});
afterAll(() => registry?.stop());

interface Registered {
  id: string;
  serial: string;
  der: Buffer;
}

/** A certificate of the authority, registered as one that it issued, of a client of its own. */
async function register(by: CertificateAuthority = authority, life = 30 * DAY_MS): Promise<Registered> {
  const client = await registry.post('/v1/clients', { partner_id, client_name: 'Importer' });
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = new Date();
  const order = {
    environment: by.environment,
    csr: Buffer.alloc(0),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subject: `CN=importer ${++number},O=Acme`,
    names: [],
    notBefore: now,
    notAfter: new Date(now.getTime() + life),
  };
  const signer = await openAuthorityKey(by, encryption);
  const der = await issueCertificate(order, signer, authorityUrls(by.public_url, by.id));
  const { body } = await registry.post(`/v1/clients/${client.body.id}/certificates`, { der: der.toString('base64') });
  expect(body).toMatchObject({ subject_dn: order.subject });
  const id = body.id.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  await asAdmin('UPDATE registry.certificates SET certificate_authority_id = $2, source = $3 WHERE id = $1', [
    id,
    by.id,
    'issued',
  ]);
  return { id: body.id, serial: parseCertificate(der).serial, der };
}

const asAdmin = (sql: string, values?: unknown[]) => registry.database.query(sql, values, registry.database.adminUrl);
const shown = (of: CertificateAuthority = authority) => showIdentifier('cau', of.id);
const fetchFile = (file: string, headers: Record<string, string> = {}, call = registry.call) =>
  call(`/certificate-authorities/${file}`, { listener: 'http', certificate: null, token: null, headers });

async function listOf(of: CertificateAuthority = authority, call = registry.call): Promise<Crl> {
  return parseCrl((await fetchFile(`${shown(of)}.crl`, {}, call)).body);
}
const revoke = (id: string, reason: string) => registry.act(`/v1/certificates/${id}/revoke`, { reason });

interface AuditedList {
  action: string;
  after?: { crl_number?: string };
}

const eventsOf = async (of: CertificateAuthority): Promise<AuditedList[]> =>
  (await registry.call(`/v1/audit-events?target=${shown(of)}&limit=200`)).body.items;

async function numbersOf(of: CertificateAuthority): Promise<string[]> {
  const signed = (await eventsOf(of)).filter(({ action }) => action === 'certificate_authority.list_signed');
  return signed.map(({ after }) => after!.crl_number!);
}

describe('an authority at rest', () => {
  it('has its key as JWE under its own name, and the root’s key is nowhere in the database', async () => {
    const [row] = await asAdmin('SELECT * FROM registry.certificate_authorities WHERE id = $1', [authority.id]);
    const { alg, enc, kid } = decodeProtectedHeader(row.private_jwe);
    expect({ alg, enc, kid }).toEqual({ alg: 'dir', enc: 'A256GCM', kid: row.spki_sha256 });
    const own = await encryption.decrypt(row.private_jwe, row.spki_sha256);
    expect(own).toMatchObject({ kty: 'EC', crv: 'P-256' });
    const everything = JSON.stringify(row) + JSON.stringify(await asAdmin('SELECT * FROM registry.audit_events'));
    expect(everything).not.toContain(own.d);
    expect(everything).not.toMatch(/PRIVATE KEY|"d":/);
  });

  it('is below the root with a path length of 0 and may make only clients', () => {
    const certificate = parseCertificate(authority.pem);
    expect(certificate).toMatchObject({ isCa: true, pathLength: 0, keyUsage: ['keyCertSign', 'cRLSign'] });
    expect(certificate.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.x509.verify(root.certificate.x509.publicKey)).toBe(true);
    expect(root.certificate).toMatchObject({ isCa: true, pathLength: 1, key: { curve: 'P-384' } });
  });

  it('is audited and announced, with the root as a shared trust anchor', async () => {
    const events = await eventsOf(authority);
    expect(events.map(({ action }) => action)).toContain('certificate_authority.created');
    const { body } = await registry.call(`/v1/trust-anchors/${showIdentifier('anc', authority.trust_anchor_id)}`);
    expect(body).toMatchObject({ partner_id: null, crl_mode: 'off', spki_sha256: root.certificate.spkiSha256 });
    const types = (await registry.call('/v1/changes?limit=200')).body.items.map(({ type }: { type: string }) => type);
    expect(types).toContain('certificate_authority.created');
  });
});

describe('what it publishes', () => {
  it('is had with TLS and without, by everybody, as what it is', async () => {
    const files: [string, string, Buffer | string][] = [
      [`${shown()}.crt`, 'application/pkix-cert', parseCertificate(authority.pem).der],
      [`roots/${root.certificate.spkiSha256}.crt`, 'application/pkix-cert', root.certificate.der],
      [`roots/${root.certificate.spkiSha256}.crl`, 'application/pkix-crl', root.list],
      ['sandbox.pem', 'application/x-pem-file', authority.pem + root.certificate.pem],
    ];
    for (const [file, type, content] of files) {
      for (const listener of ['http', 'tls', 'mtls'] as const) {
        const request = { listener, certificate: null, token: null };
        const answer = await registry.call(`/certificate-authorities/${file}`, request);
        expect(answer, file).toMatchObject({ status: 200, body: content });
        expect(answer.headers['content-type'], file).toMatch(new RegExp(`^${type}`));
        expect(answer.headers['cache-control'], file).toMatch(/^public, max-age=\d+$/);
      }
    }
  });

  it('is where the certificates say it is', async () => {
    const { der } = await register();
    const text = der.toString('latin1');
    for (const file of [`${shown()}.crl`, `${shown()}.crt`]) {
      expect(text).toContain(`${PUBLIC_URL}/certificate-authorities/${file}`);
      expect((await fetchFile(file)).status).toBe(200);
    }
    const rootList = `${PUBLIC_URL}/certificate-authorities/roots/${root.certificate.spkiSha256}.crl`;
    expect(parseCertificate(authority.pem).der.toString('latin1')).toContain(rootList);
  });

  it('need not be sent to who has it', async () => {
    const { headers } = await fetchFile(`${shown()}.crt`);
    const etag = String(headers['etag']);
    expect((await fetchFile(`${shown()}.crt`, { 'if-none-match': etag })).status).toBe(304);
    expect((await fetchFile(`${shown()}.crt`, { 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    expect((await fetchFile(`${shown()}.crt`, { 'if-none-match': '"other"' })).status).toBe(200);
    const since = String(headers['last-modified']);
    expect((await fetchFile(`${shown()}.crt`, { 'if-modified-since': since })).status).toBe(304);
    const long = new Date(Date.parse(since) - DAY_MS).toUTCString();
    expect((await fetchFile(`${shown()}.crt`, { 'if-modified-since': long })).status).toBe(200);
  });

  it.each([
    'cau_00000000000000000000000000000000.crl',
    'cau_1.crl',
    'production.pem',
    'test.pem',
    `roots/${'0'.repeat(64)}.crl`,
  ])('nothing at %s', async (file) =>
    expect(await fetchFile(file)).toMatchObject({ status: 404, body: { code: 'not_found' } }),
  );

  it('is all there is without TLS, apart from what a refusal there leads to', async () => {
    for (const path of ['/v1/partners', '/docs', '/docs/openapi.json']) {
      const { status, body } = await registry.call(path, { listener: 'http' });
      expect(status, path).toBe(404);
      expect((await registry.call(body.type, { listener: 'http' })).body).toMatchObject({ code: 'not_found' });
    }
  });
});

describe('a revocation', () => {
  it('stands on the list, with its reason and date, and refuses the certificate and no other', async () => {
    const [lost, kept] = [await register(), await register()];
    const answer = await revoke(lost.id, 'key_compromise');
    expect(answer.status).toBe(200);
    await vi.waitFor(async () => expect((await listOf()).revoked.has(lost.serial)).toBe(true), {
      timeout: 240_000,
      interval: 50,
    });
    const list = await listOf();
    expect(list.revoked.get(lost.serial)).toEqual({
      reason: 'keyCompromise',
      date: new Date(Math.floor(Date.parse(answer.body.revoked_at) / 1000) * 1000),
    });
    expect(list.revoked.has(kept.serial)).toBe(false);
    expect(list.nextUpdate!.getTime() - list.thisUpdate.getTime()).toBe(DAY_MS);
    const path = { intermediates: [parseCertificate(authority.pem)], anchors: [root.certificate] };
    const crls = [list.der, root.list].map(parseCrl);
    const judged = ({ der }: Registered) =>
      judgePath({ leaf: parseCertificate(der), ...path, crls, crlMode: 'require', now: new Date(Date.now() + 2_000) });
    expect(judged(kept).valid).toBe(true);
    expect(judged(lost).checks).toContainEqual(expect.objectContaining({ id: 'path_revoked', result: 'fail' }));
  });

  it('without a reason has none on the list; superseding puts nothing on it', async () => {
    const [unspecified, superseded] = [await register(), await register()];
    await registry.act(`/v1/certificates/${superseded.id}/supersede`, { reason: 'Its successor was seen' });
    await revoke(unspecified.id, 'unspecified');
    await vi.waitFor(async () => expect((await listOf()).revoked.has(unspecified.serial)).toBe(true), {
      timeout: 240_000,
    });
    const list = await listOf();
    expect(list.revoked.get(unspecified.serial)).toMatchObject({ reason: 'unspecified' });
    expect(list.revoked.has(superseded.serial)).toBe(false);
  });

  it('that was dated before the newest list and committed after it is not missed', async () => {
    const late = await register();
    const { thisUpdate } = await listOf();
    const uuid = late.id.slice(4);
    await asAdmin(
      `UPDATE registry.certificates SET status = 'revoked', revoked_at = $2, revocation_reason = 'superseded'
        WHERE replace(id::text, '-', '') = $1`,
      [uuid, new Date(thisUpdate.getTime() - 60_000)],
    );
    await vi.waitFor(async () => expect((await listOf()).revoked.has(late.serial)).toBe(true), { timeout: 240_000 });
  });

  it('stays on the list until one after its expiry has shown it (RFC 5280 3.3)', async () => {
    const expiring = await register();
    await revoke(expiring.id, 'cessation_of_operation');
    await vi.waitFor(async () => expect((await listOf()).revoked.has(expiring.serial)).toBe(true), {
      timeout: 240_000,
    });
    const uuid = expiring.id.slice(4);
    const end = new Date();
    await asAdmin(`UPDATE registry.certificates SET not_after = $2 WHERE replace(id::text, '-', '') = $1`, [uuid, end]);
    const first = await nextList();
    expect(first.revoked.has(expiring.serial)).toBe(true);
    expect((await nextList()).revoked.has(expiring.serial)).toBe(false);
  });
});

/** Half of its life passes, so to speak. */
async function nextList(of: CertificateAuthority = authority): Promise<Crl> {
  const before = await listOf(of);
  await asAdmin(
    `UPDATE registry.certificate_authorities SET crl_next_update = crl_this_update + interval '1 second' WHERE id = $1`,
    [of.id],
  );
  await vi.waitFor(async () => expect((await listOf(of)).number).not.toBe(before.number), { timeout: 240_000 });
  return listOf(of);
}

describe('the list', () => {
  it('is made anew at half of its life, under the next number, with all that was on it', async () => {
    const before = await listOf();
    const after = await nextList();
    expect(BigInt(`0x${after.number}`)).toBe(BigInt(`0x${before.number}`) + 1n);
    expect([...after.revoked.keys()]).toEqual([...before.revoked.keys()]);
    expect(after.nextUpdate!.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
  });

  it('has one content under each number, however many replicas make it', async () => {
    const other = await registry.startReplica();
    const registered: Registered[] = [];
    for (let at = 0; at < 6; at++) registered.push(await register());
    for (const { id, serial } of registered) {
      await revoke(id, 'superseded');
      await vi.waitFor(async () => expect((await listOf()).revoked.has(serial)).toBe(true), { timeout: 240_000 });
    }
    const all = (list: Crl) => registered.every(({ serial }) => list.revoked.has(serial));
    await vi.waitFor(
      async () => expect([all(await listOf()), all(await listOf(authority, other))]).toEqual([true, true]),
      {
        timeout: 240_000,
      },
    );
    const numbers = await numbersOf(authority);
    expect(numbers.map(Number)).toEqual(numbers.map((_, index) => index + 1));
    expect((await listOf(authority, other)).sha256).toBe((await listOf()).sha256);
  });

  it('is in the metrics, with the end of the authority', async () => {
    const text = await registry.metrics();
    const value = (name: string) => Number(new RegExp(`^${name}\\{[^}]*${shown()}[^}]*\\} (.+)$`, 'm').exec(text)?.[1]);
    expect(value('certificate_authority_list_age_seconds')).toBeLessThan(3_600);
    expect(value('certificate_authority_list_seconds_left')).toBeGreaterThan(80_000);
    expect(value('certificate_authority_days_left')).toBeGreaterThan(3 * 364);
  });
});

describe('the next authority of an environment', () => {
  it('is made only when it is asked for', async () => {
    await expect(createTestAuthority(registry, root, 'sandbox', { encryption })).rejects.toMatchObject({
      code: 'authority_exists',
      message: expect.stringContaining(shown()) as string,
    });
  });

  it('retires the one before, whose list is kept up as long as a certificate of it lives', async () => {
    const old = authority;
    const [living, revokedLater] = [await register(old), await register(old)];
    authority = await createTestAuthority(registry, root, 'sandbox', { encryption, replace: true });
    expect(authority.subject_dn).not.toBe(old.subject_dn);
    expect(authority.trust_anchor_id).toBe(old.trust_anchor_id);
    await revoke(revokedLater.id, 'key_compromise');
    await vi.waitFor(async () => expect((await listOf(old)).revoked.has(revokedLater.serial)).toBe(true), {
      timeout: 240_000,
    });
    expect((await listOf(old)).revoked.has(living.serial)).toBe(false);
    expect((await listOf()).revoked.size).toBe(0);
    const { body } = await fetchFile('sandbox.pem');
    expect(body).toBe(authority.pem + old.pem + root.certificate.pem);
    const [row] = await asAdmin('SELECT status FROM registry.certificate_authorities WHERE id = $1', [old.id]);
    expect(row.status).toBe('retired');
  });
});

describe('with a key-encryption key that does not open the authority', () => {
  it('A45: nothing can be issued and no list signed, which the log says once, everything else works, and none is started', async () => {
    const wrong = testAuthorityPolicy();
    const blind = await startRegistry({ certificateAuthority: wrong });
    try {
      const lost = await createTestAuthority(blind, root, 'production', { encryption });
      await blind.database.query(
        `UPDATE registry.certificate_authorities SET crl_next_update = crl_this_update + interval '1 second'`,
      );
      const alarms = () => blind.log.filter((line) => line.includes('a CRL that is due could not be signed'));
      await vi.waitFor(() => expect(alarms()).toHaveLength(1), { timeout: 240_000 });
      await blind.anotherRound();
      expect(alarms()).toHaveLength(1);
      expect(alarms()[0]).toContain(showIdentifier('cau', lost.id));
      expect(
        blind.log.filter((line) => line.includes('the key of a certificate authority cannot be used')),
      ).toHaveLength(1);
      expect((await blind.post('/v1/partners', { slug: `other-${++number}`, legal_name: 'Other' })).status).toBe(201);
      expect((await blind.readiness()).status).toBe(200);
      const crl = await blind.call(`/certificate-authorities/${showIdentifier('cau', lost.id)}.crl`, {
        listener: 'http',
      });
      expect(crl.status).toBe(200);
      // A45: started with it, a registry says so and ends
      await expect(blind.startReplica()).rejects.toMatchObject({
        code: 'key_undecryptable',
        message: expect.stringContaining('KEY_ENCRYPTION_KEY_FILE') as string,
      });
    } finally {
      await blind.stop();
    }
  });
});
