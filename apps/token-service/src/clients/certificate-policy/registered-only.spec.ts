import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuthenticationMethod } from '../authentication/authentication-method.js';
import type { RegisteredCertificate, RegisteredClient } from '../../records/registered-client.entity.js';
import { checkOf, evidenceOf, registeredCertificate, registeredClient } from '../registered-client.fixture.spec.js';
import { allowedCertificate } from './allowed-certificate.js';

const now = new Date('2026-06-01T12:00:00Z');
const dates = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-12-31T00:00:00Z') };
const subject = 'CN=server-a,O=Acme';

let authority: Authority;
let registered: Issued;

beforeAll(async () => {
  authority = await createAuthority({ name: 'Client CA', ...dates });
  registered = await authority.issueClient({ subject, ...dates });
});

const client = (changes: Partial<RegisteredClient> = {}): RegisteredClient =>
  registeredClient({ subjectDn: subject, certificates: [registeredCertificate(registered)], ...changes });
const withCertificate = (changes: Partial<RegisteredCertificate>) =>
  client({ certificates: [registeredCertificate(registered, changes)] });
const nobodys = () => Promise.reject(new Error('the registry has judged whose key it is'));

const noLists = () => Promise.reject(new Error('no lists are needed here'));

function allowed(
  given: RegisteredClient,
  presented = registered,
  at = now,
  method: AuthenticationMethod = 'tls_client_auth',
) {
  return allowedCertificate(given, method, evidenceOf(presented), at, { ownerOf: nobodys, listsOf: noLists });
}
const check = (given: RegisteredClient, presented?: Issued, at?: Date, method?: AuthenticationMethod) =>
  checkOf(() => allowed(given, presented, at, method));

describe('A11: only a registered certificate, by the SHA-256 of its DER', () => {
  it('is allowed until its end', async () => {
    expect(await allowed(client())).toEqual({ thumbprint: registered.thumbprint, usableUntil: dates.notAfter });
  });

  it("another client's of the same authority is refused", async () => {
    const other = await authority.issueClient({ subject: 'CN=server-b', ...dates });
    expect(await check(client(), other)).toBe('certificate_not_registered');
    expect(await check(client({ certificates: [] }))).toBe('certificate_not_registered');
  });

  it('the same DN from another authority is refused; the log says that the name proves nothing', async () => {
    const other = await createAuthority({ name: 'Client CA', ...dates });
    const twin = await other.issueClient({ subject: 'cn=SERVER-A,o=acme', ...dates });
    await expect(allowed(client(), twin)).rejects.toThrow(/carries the registered subject, which alone proves nothing/);
  });

  it('a revoked one is named as that', async () => {
    const revoked = [{ thumbprint: registered.thumbprint, spki_sha256: '0'.repeat(64) }];
    expect(await check(client({ certificates: [], revokedCertificates: revoked }))).toBe('certificate_revoked');
  });

  it.each([
    ['expired', { ...dates, notAfter: new Date('2026-05-31T00:00:00Z') }, 'certificate_expired'],
    ['not yet valid', { ...dates, notBefore: new Date('2026-06-02T00:00:00Z') }, 'certificate_not_yet_valid'],
    ['within its dates, but not registered', dates, 'certificate_not_registered'],
  ])('a certificate nobody registered that is %s is named as that', async (_, window, expected) => {
    expect(await check(client(), await authority.issueClient({ subject, ...window }))).toBe(expected);
  });

  it('octets that are no certificate are refused as that', async () => {
    const evidence = { ...registered, der: Buffer.from('3000', 'hex'), thumbprint: 'x'.repeat(43) };
    expect(await check(client(), evidence)).toBe('certificate_malformed');
  });

  it('an unknown policy is refused', async () => {
    expect(await check(client({ certificatePolicy: 'any' }))).toBe('policy_not_supported');
  });
});

describe('A11, A27: dates are judged when a token is asked for', () => {
  const at = (text: string) => new Date(text);

  it.each([
    ['the moment it begins', '2026-01-01T00:00:00Z', 'accepted'],
    ['before it begins', '2025-12-31T23:59:59Z', 'certificate_not_yet_valid'],
    ['two seconds before its end', '2026-12-30T23:59:58Z', 'accepted'],
    ['in its last second, for which no token is short enough', '2026-12-30T23:59:59.500Z', 'certificate_expired'],
    ['after its end', '2026-12-31T00:00:01Z', 'certificate_expired'],
  ])('%s', async (_, when, expected) => expect(await check(client(), registered, at(when))).toBe(expected));

  it.each([
    ['one to be retired', { retire_at: '2026-06-01T13:00:00Z' }, 'certificate_retired'],
    ['one whose path ends', { path_valid_until: '2026-06-01T13:00:00Z' }, 'path_expired'],
  ])('%s ends then', async (_, changes, expected) => {
    const given = withCertificate(changes);
    expect((await allowed(given)).usableUntil).toEqual(at('2026-06-01T13:00:00Z'));
    expect(await check(given, registered, at('2026-06-01T13:00:00Z'))).toBe(expected);
  });

  it('one with a date to come is refused until that very moment, under a name of its own', async () => {
    // as the registry publishes it: `not_before` moves along, for whoever does not know `activate_at`
    const date = '2026-06-01T12:00:00.250Z';
    const given = withCertificate({ activate_at: date, not_before: date });
    expect(await check(given, registered, at('2026-06-01T12:00:00.249Z'))).toBe('certificate_not_yet_active');
    expect(await check(given, registered, at(date))).toBe('accepted');
    expect(await check(withCertificate({ not_before: date }), registered, now)).toBe('certificate_not_yet_valid');
  });

  it('A13: a path is nothing to a self-signed certificate', async () => {
    const given = withCertificate({ path_valid_until: '2026-05-01T00:00:00Z' });
    expect(await check(given, registered, now, 'private_key_jwt')).toBe('path_expired');
    expect(await check(given, registered, now, 'self_signed_tls_client_auth')).toBe('accepted');
  });
});
