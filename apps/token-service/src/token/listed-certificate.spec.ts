import { mintCertificate, mintCrl, type Minted, type CrlOptions } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { parseCrl } from '@partner-ecosystem/x509/path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { change, register, type Registration } from '../clients/registered-clients/registrations.fixture.spec.js';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { call, createStage, serveOn, tokenForm, type Served, type Stage } from '../served.fixture.spec.js';

let schemas: BothSchemas;
let stage: Stage;
let service: Served;
let root: Minted;
let client: Registration;
let anchor: string;
let number = 0;

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  service = await serveOn(stage, schemas.databaseUrl);
});

afterAll(async () => {
  await service?.stop();
  await schemas?.stop();
  await stage?.remove();
});

/** A client known by its identity under an authority of its own. */
beforeEach(async () => {
  root = await mintCertificate({ subject: 'CN=Partner Root', authority: true });
  client = await register(schemas.admin);
  const { pem, sha256, spkiSha256, serial, subject, notBefore, notAfter } = parseCertificate(root.der);
  const { rows } = await schemas.admin.query<{ id: string }>(
    `INSERT INTO registry.trust_anchors (name, crl_mode, pem, sha256, spki_sha256, serial, subject_dn, key, not_before, not_after)
     VALUES ('Root', 'require', $1, $2, $3, $4, $5, '{}', $6, $7) RETURNING id`,
    [pem, sha256, spkiSha256, serial, subject.text, notBefore, notAfter],
  );
  anchor = rows[0]!.id;
  const link = `INSERT INTO registry.client_trust_anchors (client_id, trust_anchor_id, partner_id)
    SELECT id, '${anchor}', partner_id FROM registry.clients WHERE id = '${client.id}'`;
  const policy = `UPDATE registry.clients SET certificate_policy = 'identity_only' WHERE id = '${client.id}'`;
  await change(schemas.admin, [client], `${link}; ${policy}`);
});

const ask = (as: Minted) =>
  call({
    port: service.addresses['mtls']!.port,
    ca: stage.authority.certificatePem,
    as,
    body: tokenForm(client.clientId),
  });

/** As the registry does it: the list in the place of the one before, and everybody told. */
async function publish(options: Partial<CrlOptions> = {}): Promise<void> {
  const { der, sha256 } = parseCrl(mintCrl({ issuer: root, number: ++number, ...options }));
  const row = `'${anchor}', '${parseCertificate(root.der).spkiSha256}', 'CN=Partner Root', now(), now() + interval '1 day', 1,
    '${sha256}', '\\x${der.toString('hex')}', now()`;
  await change(
    schemas.admin,
    [client],
    `DELETE FROM registry.crls WHERE trust_anchor_id = '${anchor}';
     INSERT INTO registry.crls (trust_anchor_id, issuer_spki_sha256, issuer_dn, this_update, next_update, entries, sha256, der, fetched_at)
     VALUES (${row})`,
  );
}

async function untilStatus(as: Minted, status: number) {
  for (const deadline = performance.now() + 60_000; ;) {
    const answer = await ask(as);
    if (answer.status === status || performance.now() > deadline) return answer;
  }
}

it('A14: where lists are required there is no token before the first one, and none for whom a later one names', async () => {
  const [leaf, other] = [
    await mintCertificate({ subject: 'CN=client', issuer: root }),
    await mintCertificate({ subject: 'CN=client', issuer: root }),
  ];
  expect(await ask(leaf)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  await publish();
  expect((await untilStatus(leaf, 200)).status).toBe(200);
  await publish({ revoked: [leaf] });
  expect((await untilStatus(leaf, 401)).body).toMatchObject({ error: 'invalid_client' });
  expect((await ask(other)).status).toBe(200);
});

it('A14: a token lives no longer than the list it rests on', async () => {
  const leaf = await mintCertificate({ subject: 'CN=client', issuer: root });
  await publish({ nextUpdate: new Date(Date.now() + 100_000) });
  const answer = await untilStatus(leaf, 200);
  expect(answer.body['expires_in']).toBeLessThanOrEqual(100);
});
