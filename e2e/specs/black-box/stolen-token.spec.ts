import { beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '@partner-ecosystem/test-pki';
import type { Answer, Call } from '../../stack/admin/https-client.js';
import type { OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { tampered } from '../../demo/decoded-token.js';
import { clientCertificate, StackUnderTest } from './stack-under-test.js';

const SUBJECT = 'CN=victim,O=Stolen token';

describe('a token in the wrong hands', () => {
  const stack = new StackUnderTest();
  const { urls } = stack.running;
  let victim: OnboardedPartner;
  let thief: OnboardedPartner;
  let token: string;
  let thiefsToken: string;
  let shipment: string;

  beforeAll(async () => {
    victim = await stack.onboard(await clientCertificate(SUBJECT));
    thief = await stack.onboard(await clientCertificate('CN=thief,O=Stolen token'));
    token = await stack.accessToken(victim);
    thiefsToken = await stack.accessToken(thief);
    const json = { reference: 'ST-1', origin: 'NLRTM', destination: 'SGSIN', weight_kg: 10 };
    const booked = await call({ identity: victim.identity, token, json });
    shipment = String(booked.body['id']);
    expect(booked.status, booked.text).toBe(201);
  });

  const call = (request: Omit<Call, 'url'>, path = '') =>
    stack.client.send({ url: `${urls.resource}/v1/shipments${path}`, ...request });

  // the good twin of every refusal below: the same token over the connection it belongs to
  const expectVictimServed = async () => {
    expect((await call({ identity: victim.identity, token })).status).toBe(200);
  };

  function expectInvalidToken(
    answer: Answer,
    check: string,
    app: 'resource-api' | 'partner-registry' = 'resource-api',
  ) {
    expect(answer.status).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer error="invalid_token"/);
    expect(answer.body).toMatchObject({
      code: 'invalid_token',
      status: 401,
      request_id: answer.headers['x-request-id'],
    });
    expect(stack.refusedBy(app, answer)).toBe(check);
    expect(answer.text).not.toContain(check);
  }

  it("R5: is refused with another partner's certificate", async () => {
    expectInvalidToken(await call({ identity: thief.identity, token }), 'certificate_mismatch');
    await expectVictimServed();
  });

  it('R5: is refused without a certificate', async () => {
    expectInvalidToken(await call({ token }), 'certificate_missing');
    await expectVictimServed();
  });

  it('R5: is refused with a certificate of the same DN from another authority', async () => {
    const namesake = await (await createAuthority({ name: 'Partners CA' })).issueClient({ subject: SUBJECT });
    expectInvalidToken(await call({ identity: namesake, token }), 'certificate_mismatch');
    await expectVictimServed();
  });

  it('R5: is refused with another certificate of the very same client', async () => {
    const second = await clientCertificate(SUBJECT);
    const path = `/v1/clients/${victim.clientKey}/certificates`;
    await stack.operator.call(path, { pem: second.certificatePem }, 201);
    expectInvalidToken(await call({ identity: second, token }), 'certificate_mismatch');
    const own = String((await stack.token(victim.clientId, second)).body['access_token']);
    expect((await call({ identity: second, token: own })).status).toBe(200);
  });

  it.each([
    ['another partner', () => ({ partner_id: victim.partnerId })],
    ['another certificate', () => ({ cnf: { 'x5t#S256': victim.identity.thumbprint } })],
    ['a later end', () => ({ exp: 4_102_444_800 })],
    ['nothing, but with a broken signature', () => ({})],
  ])('R2: is refused when changed to say %s', async (what, changes) => {
    const forged = what.startsWith('nothing') ? withBrokenSignature(thiefsToken) : tampered(thiefsToken, changes());
    expectInvalidToken(await call({ identity: thief.identity, token: forged }), 'token_signature');
    expect((await call({ identity: thief.identity, token: thiefsToken })).status).toBe(200);
  });

  it('A19, R3: is refused without a signature (alg none)', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const forged = `${header}.${thiefsToken.split('.')[1]}.`;
    expect((await call({ identity: thief.identity, token: forged })).status).toBe(401);
  });

  it('R2: is refused by an API it was not made for', async () => {
    const operators = { identity: stack.running.operator, token: await stack.operator.accessToken() };
    expectInvalidToken(await call(operators), 'token_audience');
    const partners = (request: Omit<Call, 'url'>) =>
      stack.client.send({ url: `${urls.registry}/v1/partners`, ...request });
    expectInvalidToken(await partners({ identity: victim.identity, token }), 'token_audience', 'partner-registry');
    expect((await partners(operators)).status).toBe(200);
  });

  it("R5: the operator's is refused with a partner's certificate", async () => {
    const url = `${urls.registry}/v1/partners`;
    const stolen = { url, identity: thief.identity, token: await stack.operator.accessToken() };
    expectInvalidToken(await stack.client.send(stolen), 'certificate_mismatch', 'partner-registry');
  });

  it("opens nobody else's data", async () => {
    const others = await call({ identity: thief.identity, token: thiefsToken }, `/${shipment}`);
    expect([others.status, others.body['code']]).toEqual([404, 'shipment_not_found']);
    const list = await call({ identity: thief.identity, token: thiefsToken });
    expect(list.body['items']).toEqual([]);
    expect((await call({ identity: victim.identity, token }, `/${shipment}`)).status).toBe(200);
  });

  it('R1, R6: must come in the Authorization header: otherwise a challenge that names no error', async () => {
    const none = await call({ identity: victim.identity });
    expect(none.status).toBe(401);
    expect(none.headers['www-authenticate']).toMatch(/^Bearer(?! error)/);
    const inQuery = await call({ identity: victim.identity }, `?access_token=${token}`);
    expect(inQuery.status).toBe(401);
  });
});

function withBrokenSignature(token: string): string {
  const [header, claims, signature] = token.split('.') as [string, string, string];
  const bytes = Buffer.from(signature, 'base64url');
  bytes[0] = bytes[0]! ^ 1;
  return [header, claims, bytes.toString('base64url')].join('.');
}
