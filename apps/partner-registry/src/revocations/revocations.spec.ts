import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Issued } from '@partner-ecosystem/test-pki';
import { SHIPMENTS, startRegistry, type TestRegistry } from '../registry.testing.js';

let registry: TestRegistry;
let issued: Issued;
let partner: string;
let client: string;
let certificate: string;
let number = 0;

beforeAll(async () => {
  registry = await startRegistry();
});

afterAll(() => registry?.stop());

beforeEach(async () => {
  const slug = `partner-${++number}`;
  partner = (await registry.post('/v1/partners', { slug, legal_name: 'Acme' })).body.id;
  const request = { partner_id: partner, client_name: 'Importer', environment: 'production' };
  client = (await registry.post('/v1/clients', request)).body.id;
  issued = await registry.authority.issueClient({ subject: `CN=${slug}` });
  certificate = (await registry.post(`/v1/clients/${client}/certificates`, { pem: issued.certificatePem })).body.id;
  await grant({});
  await registry.act(`/v1/clients/${client}/activate`, { reason: 'x' });
  await registry.act(`/v1/partners/${partner}/activate`, { reason: 'x' });
});

const grant = (fields: object) =>
  registry.post(`/v1/clients/${client}/scopes`, { audience: SHIPMENTS, scopes: ['shipments:read'], ...fields });
const act = async (path: string, reason = 'because') =>
  expect((await registry.act(path, { reason })).status, path).toBe(200);
const admin = (sql: string) => registry.database.query(sql, [], registry.database.adminUrl);
/** What the feed will be made of, of this partner. */
const records = () =>
  registry.database.query(
    `SELECT kind, subject, mode, reason, "within" FROM token.revocation WHERE subject IN ($1, $2, $3, $4) ORDER BY seq`,
    [
      { partner_id: partner },
      { client_id: client },
      { thumbprint: issued.thumbprint },
      { client_id: client, audience: SHIPMENTS, scope: 'shipments:read' },
    ],
    registry.database.tokenServiceUrl,
  );

describe('what takes access away is recorded for the guards, in the same transaction', () => {
  it('onboarding takes nothing away', async () => {
    expect(await records()).toEqual([]);
  });

  it('a suspended client is off, a reinstated one cut off until now', async () => {
    const entry = { kind: 'client', subject: { client_id: client }, within: { partner_id: partner } };
    await act(`/v1/clients/${client}/suspend`);
    expect(await records()).toEqual([{ ...entry, mode: 'off', reason: 'because' }]);
    await act(`/v1/clients/${client}/reinstate`, 'explained');
    expect(await records()).toEqual([{ ...entry, mode: 'cutoff', reason: 'explained' }]);
  });

  it('a suspended partner is off as a whole, a reinstated one cut off until now', async () => {
    const entry = { kind: 'partner', subject: { partner_id: partner }, within: {} };
    await act(`/v1/partners/${partner}/suspend`);
    expect(await records()).toEqual([{ ...entry, mode: 'off', reason: 'because' }]);
    await act(`/v1/partners/${partner}/reinstate`);
    expect(await records()).toMatchObject([{ ...entry, mode: 'cutoff' }]);
  });

  it.each(['superseded', 'key_compromise'])('a certificate that is revoked as %s is off', async (reason) => {
    await act(`/v1/certificates/${certificate}/revoke`, reason);
    const subject = { thumbprint: issued.thumbprint };
    const within = { partner_id: partner, client_id: client };
    expect(await records()).toEqual([{ kind: 'certificate', subject, mode: 'off', reason, within }]);
  });

  it('a compromised key takes every certificate of it along', async () => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const two = await Promise.all(
      [1, 2].map(() => registry.authority.issueClient({ subject: `CN=partner-${number}`, keys })),
    );
    const ids: string[] = [];
    for (const { certificatePem: pem } of two) {
      ids.push((await registry.post(`/v1/clients/${client}/certificates`, { pem })).body.id);
    }
    await act(`/v1/certificates/${ids[0]}/revoke`, 'key_compromise');
    const found = await registry.database.query(
      `SELECT subject ->> 'thumbprint' AS thumbprint FROM token.revocation WHERE kind = 'certificate' AND reason = 'key_compromise' AND subject ->> 'thumbprint' = ANY($1)`,
      [two.map(({ thumbprint }) => thumbprint)],
      registry.database.tokenServiceUrl,
    );
    expect(found).toHaveLength(2);
  });

  it('of a compromised key that two clients use, each certificate is of its own client', async () => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const request = { partner_id: partner, client_name: 'Exporter', environment: 'production' };
    const owners = [client, (await registry.post('/v1/clients', request)).body.id];
    const thumbprints: string[] = [];
    let first: string | undefined;
    for (const owner of owners) {
      const two = await registry.authority.issueClient({ subject: `CN=partner-${number}`, keys });
      const { body } = await registry.post(`/v1/clients/${owner}/certificates`, { pem: two.certificatePem });
      first ??= body.id;
      thumbprints.push(two.thumbprint);
    }
    await act(`/v1/certificates/${first}/revoke`, 'key_compromise');
    const found = await registry.database.query(
      `SELECT "within" FROM token.revocation WHERE kind = 'certificate' AND subject ->> 'thumbprint' = ANY($1) ORDER BY array_position($1, subject ->> 'thumbprint')`,
      [thumbprints],
      registry.database.tokenServiceUrl,
    );
    expect(found).toEqual(owners.map((client_id) => ({ within: { partner_id: partner, client_id } })));
  });

  it('a grant that is revoked is off, and says whose it was', async () => {
    const [{ id }] = (await registry.call(`/v1/clients/${client}/scopes`)).body.items;
    await act(`/v1/grants/${id}/revoke`);
    const subject = { client_id: client, audience: SHIPMENTS, scope: 'shipments:read' };
    const within = { partner_id: partner, client_id: client };
    expect(await records()).toEqual([{ kind: 'grant', subject, mode: 'off', reason: 'because', within }]);
  });

  it('a change that is refused leaves no record', async () => {
    expect((await registry.act(`/v1/clients/${client}/reinstate`, { reason: 'x' })).status).toBe(409);
    expect((await registry.act(`/v1/clients/${client}/suspend?dry_run=true`, { reason: 'x' })).status).toBe(200);
    expect(await records()).toEqual([]);
  });
});

describe('without the token service’s function', () => {
  const call = 'token.record_revocation(text, jsonb, text, text, jsonb)';

  it.each([
    [
      'renamed',
      `ALTER FUNCTION ${call} RENAME TO away`,
      `ALTER FUNCTION ${call.replace('record_revocation', 'away')} RENAME TO record_revocation`,
    ],
    [
      'out of reach',
      'REVOKE USAGE ON SCHEMA token FROM partner_registry_app',
      'GRANT USAGE ON SCHEMA token TO partner_registry_app',
    ],
    [
      'not granted',
      `REVOKE EXECUTE ON FUNCTION ${call} FROM partner_registry_app`,
      `GRANT EXECUTE ON FUNCTION ${call} TO partner_registry_app`,
    ],
  ])(
    '(%s) nothing is taken away half: 503, the log says what to do, and nothing has changed',
    async (_, away, back) => {
      const before = (await registry.call(`/v1/clients/${client}`)).body;
      await admin(away);
      try {
        const answer = await registry.act(`/v1/clients/${client}/suspend`, { reason: 'x' });
        expect(answer).toMatchObject({ status: 503, body: { code: 'revocations_unavailable' } });
        expect(JSON.stringify(answer.body)).not.toMatch(/token\.|migrate/);
        expect(registry.log.join('')).toContain('run migrate of the token service');
        expect((await registry.call(`/v1/clients/${client}`)).body).toEqual(before);
        const { items } = (await registry.call(`/v1/audit-events?target=${client}&action=client.suspended`)).body;
        expect(items).toEqual([]);
      } finally {
        await admin(back);
      }
      await act(`/v1/clients/${client}/suspend`);
    },
  );
});
