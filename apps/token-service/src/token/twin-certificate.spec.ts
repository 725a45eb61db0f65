import { mintCertificate, mintTwin, type Issued, type Minted } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { change, register, type Registration } from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { call, createStage, serveOn, tokenForm, type Served, type Stage } from '../served.fixture.spec.js';

// A twin has the contents of a certificate under another valid signature, which its holder makes without the issuer.

let schemas: BothSchemas;
let stage: Stage;
let service: Served;
let root: Minted;
let leaf: Minted;
let client: Registration;

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  service = await serveOn(stage, schemas.databaseUrl);
  root = await mintCertificate({ subject: 'CN=Partner Root', authority: true });
  const { pem, sha256, spkiSha256, serial, subject, notBefore, notAfter } = parseCertificate(root.der);
  await schemas.admin.query(
    `INSERT INTO registry.trust_anchors (name, crl_mode, pem, sha256, spki_sha256, serial, subject_dn, key, not_before, not_after)
     VALUES ('Root', 'off', $1, $2, $3, $4, $5, '{}', $6, $7)`,
    [pem, sha256, spkiSha256, serial, subject.text, notBefore, notAfter],
  );
});

afterAll(async () => {
  await service?.stop();
  await schemas?.stop();
  await stage?.remove();
});

/** With a registered certificate, and an anchor. */
beforeEach(async () => {
  leaf = await mintCertificate({ subject: 'CN=client', issuer: root });
  client = await register(schemas.admin, leaf.certificatePem);
  await schemas.admin.query(
    `INSERT INTO registry.client_trust_anchors (client_id, trust_anchor_id, partner_id)
     SELECT c.id, a.id, c.partner_id FROM registry.clients c, registry.trust_anchors a WHERE c.id = $1`,
    [client.id],
  );
});

const alter = (table: string, fields: string, key: string) =>
  change(schemas.admin, [client], `UPDATE registry.${table} SET ${fields} WHERE ${key} = '${client.id}'`);
const setPolicy = (policy: string) => alter('clients', `certificate_policy = '${policy}'`, 'id');
const revoke = () =>
  alter('certificates', `status = 'revoked', revoked_at = now(), revocation_reason = 'superseded'`, 'client_id');

const ask = (as: Issued) =>
  call({
    port: service.addresses['mtls']!.port,
    ca: stage.authority.certificatePem,
    as,
    body: tokenForm(client.clientId),
  });

const eventually = { timeout: 240_000, interval: 100 };
const untilGranted = (as: Issued) => vi.waitFor(async () => expect((await ask(as)).status).toBe(200), eventually);
const untilRefused = (as: Issued, check: string) =>
  vi.waitFor(async () => {
    const answer = await ask(as);
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    const line = service.lines.find((one) => one['request_id'] === answer.body['request_id'] && one['check']);
    expect(line).toMatchObject({ check, client_id: client.clientId, certificate: as.thumbprint });
  }, eventually);

describe('A37: the twin of a revoked certificate', () => {
  it('is revoked for a client that is known by its identity, and another certificate of it is not', async () => {
    const [twin, other] = [mintTwin(leaf), await mintCertificate({ subject: 'CN=client', issuer: root })];
    await setPolicy('identity_only');
    for (const each of [leaf, twin, other]) await untilGranted(each);
    await revoke();
    for (const each of [leaf, twin]) await untilRefused(each, 'certificate_revoked');
    expect((await ask(other)).status).toBe(200);
  });

  it('is told so in the log where every certificate is registered', async () => {
    await untilGranted(leaf);
    await untilRefused(mintTwin(leaf), 'certificate_not_registered');
    await revoke();
    await untilRefused(mintTwin(leaf), 'certificate_revoked');
  });
});

describe('A37: the twin of a registered certificate', () => {
  it('has its dates: it cannot be used for longer', async () => {
    await setPolicy('identity_only');
    await untilGranted(mintTwin(leaf));
    await alter('certificates', `retire_at = now() - interval '1 hour'`, 'client_id');
    for (const each of [leaf, mintTwin(leaf)]) await untilRefused(each, 'certificate_retired');
  });
});
