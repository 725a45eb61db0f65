import { decodeJwt } from 'jose';
import type { Issued } from '@partner-ecosystem/test-pki';
import { parseCertificate } from '@partner-ecosystem/x509';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startBothSchemas, type BothSchemas } from '../database/both-schemas.fixture.spec.js';
import { call, createStage, serveOn, tokenForm, type Answer, type Served, type Stage } from '../served.fixture.spec.js';
import { AUDIENCE, change, register, type Registration } from './registered-clients/registrations.fixture.spec.js';

// Through the front door, over rows of the registry's own view. No registry runs, so no job ever writes a status: the
// dates are all there is.

let schemas: BothSchemas;
let stage: Stage;
let service: Served;
let first: Issued;
let second: Issued;
let client: Registration;

beforeAll(async () => {
  [schemas, stage] = await Promise.all([startBothSchemas(), createStage()]);
  service = await serveOn(stage, schemas.databaseUrl);
});
afterAll(async () => {
  await service?.stop();
  await schemas?.stop();
  await stage?.remove();
});
beforeEach(async () => {
  [first, second] = (await Promise.all([1, 2].map(() => stage.authority.issueClient({ subject: 'CN=client' })))) as [
    Issued,
    Issued,
  ];
  client = await register(schemas.admin, first.certificatePem);
});

function ask(as: Issued): Promise<Answer> {
  const { port } = service.addresses['mtls']!;
  return call({
    port,
    ca: stage.authority.certificatePem,
    as,
    body: tokenForm(client.clientId, `&resource=${AUDIENCE}`),
  });
}

/** `granted`, or the check that the log names under the request id of a 401. */
async function outcome(as: Issued): Promise<string> {
  const { status, body } = await ask(as);
  if (status === 200) return 'granted';
  expect([status, body['error']]).toEqual([401, 'invalid_client']);
  const line = service.lines.find(
    (entry) => entry['check'] !== undefined && entry['request_id'] === body['request_id'],
  );
  return String(line?.['check']);
}

const planned = (column: 'activate_at' | 'retire_at', date: Date, { thumbprint }: Issued) =>
  change(
    schemas.admin,
    [client],
    `UPDATE registry.certificates SET ${column} = '${date.toISOString()}'
      WHERE sha256 = '${Buffer.from(thumbprint, 'base64url').toString('hex')}'`,
  );

async function addPending({ certificatePem }: Issued, activateAt: Date): Promise<void> {
  const { sha256, tbsSha256, spkiSha256, serial, subject, issuer, notBefore, notAfter } =
    parseCertificate(certificatePem);
  await schemas.admin.query(
    `INSERT INTO registry.public_keys (spki_sha256, partner_id) SELECT $1, partner_id FROM registry.clients WHERE id = $2`,
    [spkiSha256, client.id],
  );
  await schemas.admin.query(
    `INSERT INTO registry.certificates (client_id, partner_id, source, status, activate_at, pem, sha256, spki_sha256, serial, subject_dn,
       issuer_dn, subject_alternative_names, key, not_before, not_after, checks, tbs_sha256)
     SELECT $1, partner_id, 'uploaded', 'pending', $2, $3, $4, $5, $6, $7, $8, '[]', '{}', $9, $10, '[]', $11
       FROM registry.clients WHERE id = $1`,
    [
      client.id,
      activateAt,
      certificatePem,
      sha256,
      spkiSha256,
      serial,
      subject.text,
      issuer.text,
      notBefore,
      notAfter,
      tbsSha256,
    ],
  );
  await change(schemas.admin, [client], undefined);
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

/** Once the change is known, or its date has come. */
const becomes = (as: Issued, expected: string) =>
  vi.waitFor(async () => expect(await outcome(as)).toBe(expected), { timeout: 240_000 });

describe('A11, A27: the dates of certificates hold at /token without any job', () => {
  it('one is in use from its date on, and refused before it under a name of its own', async () => {
    await addPending(second, inSeconds(3_600));
    await becomes(second, 'certificate_not_yet_active');
    expect(await outcome(first)).toBe('granted');
    // Soon, but after the replica has read it: from then on nothing but the clock can make it usable.
    const date = inSeconds(2);
    await planned('activate_at', date, second);
    await becomes(second, 'granted');
    expect(Date.now()).toBeGreaterThanOrEqual(date.getTime());
    expect(await outcome(first)).toBe('granted');
  });

  it('the other is out of use from its date on, and no token of it lives longer', async () => {
    const farDate = inSeconds(120);
    await planned('retire_at', farDate, first);
    await vi.waitFor(
      async () => {
        const { status, body } = await ask(first);
        expect(status).toBe(200);
        expect(decodeJwt(String(body['access_token'])).exp! * 1_000).toBeLessThanOrEqual(farDate.getTime());
      },
      { timeout: 240_000 },
    );
    const date = inSeconds(2);
    await planned('retire_at', date, first);
    await becomes(first, 'certificate_retired');
    expect((await ask(first)).body).not.toHaveProperty('access_token');
  });

  it('a replica that starts afterwards goes by the same dates', async () => {
    await addPending(second, inSeconds(3_600));
    await planned('retire_at', new Date(Date.now() - 1_000), first);
    const running = service;
    service = await serveOn(stage, schemas.databaseUrl);
    try {
      expect([await outcome(first), await outcome(second)]).toEqual([
        'certificate_retired',
        'certificate_not_yet_active',
      ]);
    } finally {
      await service.stop();
      service = running;
    }
  });
});
