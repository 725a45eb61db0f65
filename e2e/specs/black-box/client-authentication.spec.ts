import { setTimeout as sleep } from 'node:timers/promises';
import { X509Certificate } from 'node:crypto';
import { createAuthority, selfSigned, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Call } from '../../stack/admin/https-client.js';
import { onceFelt } from '../../stack/admin/once-felt.js';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

const SUBJECT = 'CN=server,OU=Integration,O=Client authentication';

// Every refusal has a twin that differs in one trait only and passes: so it is that trait that was refused.
describe('POST /token', () => {
  const stack = new StackUnderTest();
  let partner: OnboardedPartner;

  beforeAll(async () => {
    partner = await stack.onboard(await clientCertificate(SUBJECT));
  });

  const ask = (identity: Issued | undefined, clientId = partner.clientId) => stack.token(clientId, identity);

  async function expectRefused(answer: Answer, check: string): Promise<void> {
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ error: 'invalid_client' });
    expect(answer.body['request_id']).toBe(answer.headers['x-request-id']);
    expect(answer.headers).toMatchObject({ 'content-type': expect.stringContaining('application/json') });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(stack.refusedBy('token-service', answer)).toBe(check);
    // the public face does not
    expect(answer.text).not.toContain(check);
  }

  async function expectToken(answer: Answer, identity: Issued): Promise<void> {
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    const claims = String(answer.body['access_token']).split('.')[1]!;
    const { cnf } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { cnf: unknown };
    expect(cnf).toEqual({ 'x5t#S256': identity.thumbprint });
  }

  it('A11: refuses a connection without a certificate', async () => {
    await expectRefused(await ask(undefined), 'certificate_missing');
    await expectToken(await ask(partner.identity), partner.identity);
  });

  it("A10, A11: refuses another partner's certificate", async () => {
    const other = await stack.onboard(await clientCertificate('CN=other,O=Client authentication'));
    await expectRefused(await ask(other.identity), 'certificate_not_registered');
    await expectToken(await ask(other.identity, other.clientId), other.identity);
    await expectToken(await ask(partner.identity), partner.identity);
  });

  it('A11: refuses the same DN from another authority of the same name', async () => {
    const namesake = await (await createAuthority({ name: 'Partners CA' })).issueClient({ subject: SUBJECT });
    expect(namesOf(namesake)).toEqual(namesOf(partner.identity));
    await expectRefused(await ask(namesake), 'certificate_not_registered');
    await expectToken(await ask(partner.identity), partner.identity);
  });

  it('A11, A15: refuses the same DN signed by itself', async () => {
    await expectRefused(await ask(await selfSigned({ subject: SUBJECT })), 'certificate_not_registered');
  });

  it('A11, A27: refuses a registered certificate from the moment it expires, and no token outlives it', async () => {
    const LIFE_S = 20; // enough for a slow machine to register it and to ask
    const notAfter = new Date(Math.ceil(Date.now() / 1000) * 1000 + LIFE_S * 1000);
    const shortLived = await clientCertificate(SUBJECT, { notAfter });
    await upload(shortLived);
    const early = await onceFelt(() => ask(shortLived), 200);
    await expectToken(early, shortLived);
    expect(early.body['expires_in']).toBeLessThanOrEqual(LIFE_S + 1);
    await sleep(notAfter.getTime() - Date.now() + 50); // the certificate's own end, by the clock of another process
    await expectRefused(await ask(shortLived), 'certificate_expired');
    await expectToken(await ask(partner.identity), partner.identity);
  });

  it('A11: refuses a revoked certificate, and no other one of the client', async () => {
    const revoked = await clientCertificate(SUBJECT);
    const id = String((await upload(revoked)).body['id']);
    await expectToken(await onceFelt(() => ask(revoked), 200), revoked);
    await act(`/v1/certificates/${id}/revoke`, 'key_compromise');
    await expectRefused(await onceFelt(() => ask(revoked), 401), 'certificate_revoked');
    await expectToken(await ask(partner.identity), partner.identity);
  });

  it('refuses a suspended client until it is reinstated', async () => {
    const path = `/v1/clients/${partner.clientKey}`;
    await act(`${path}/suspend`);
    await expectRefused(await onceFelt(() => ask(partner.identity), 401), 'client_not_active');
    await act(`${path}/reinstate`);
    await expectToken(await onceFelt(() => ask(partner.identity), 200), partner.identity);
  });

  it('refuses the clients of a suspended partner until it is reinstated', async () => {
    const path = `/v1/partners/${partner.partnerId}`;
    await act(`${path}/suspend`);
    await expectRefused(await onceFelt(() => ask(partner.identity), 401), 'partner_not_active');
    await act(`${path}/reinstate`);
    await expectToken(await onceFelt(() => ask(partner.identity), 200), partner.identity);
  });

  it.each(['cli_00000000000000000000000000000000', 'acme', "cli_' OR '1'='1"])(
    'A9, A10: refuses an unknown client_id: %s',
    async (clientId) => {
      await expectRefused(await ask(partner.identity, clientId), 'client_unknown');
    },
  );

  it('A11: says the same to everybody it refuses with a certificate', async () => {
    const unknown = await ask(partner.identity, 'cli_00000000000000000000000000000000');
    const unregistered = await ask(await clientCertificate('CN=nobody'));
    expect(unknown.body['error_description']).toBe(unregistered.body['error_description']);
  });

  it.each([
    ['another grant type (A2)', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no grant type', { grant_type: undefined }, 'invalid_request'],
    ['no client_id (A10)', { client_id: undefined }, 'invalid_request'],
    ['a client secret beside the certificate (A5, A15)', { client_secret: 'x' }, 'invalid_request'],
    ['a scope it was not granted (A8)', { scope: 'shipments:delete' }, 'invalid_scope'],
    ['a resource that is no URI (A23)', { resource: 'shipments' }, 'invalid_target'],
  ])('A24: answers %s with 400 and the error code of the RFC', async (_, change, error) => {
    const form = { grant_type: 'client_credentials', client_id: partner.clientId, ...change };
    const given = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const answer = await send({ form: Object.fromEntries(given) });
    expect([answer.status, answer.body['error']]).toEqual([400, error]);
  });

  it('A30: answers a body that is no form with 415 and one that is too large with 413', async () => {
    const form = { grant_type: 'client_credentials', client_id: partner.clientId };
    const large = await send({ form: { ...form, scope: 'x'.repeat(200_000) } });
    expect([large.status, large.body['error']]).toEqual([413, 'invalid_request']);
    const xml = await send({ pem: '<token/>' });
    expect([xml.status, xml.body['error']]).toEqual([415, 'invalid_request']);
    const json = await send({ json: form });
    expect([json.status, json.body['error']]).toEqual([415, 'invalid_request']);
  });

  function send(body: Pick<Call, 'form' | 'json' | 'pem'>): Promise<Answer> {
    return stack.client.send({ url: stack.running.urls.tokenEndpoint, identity: partner.identity, ...body });
  }

  function act(path: string, reason = 'spec'): Promise<Answer> {
    return stack.operator.call(path, { json: { reason }, headers: { 'if-match': '*' } }, 200);
  }

  function upload(certificate: Issued): Promise<Answer> {
    const path = `/v1/clients/${partner.clientKey}/certificates`;
    return stack.operator.call(path, { pem: certificate.certificatePem }, 201);
  }
});

function namesOf({ certificatePem }: Issued): { subject: string; issuer: string } {
  const { subject, issuer } = new X509Certificate(certificatePem);
  return { subject, issuer };
}
