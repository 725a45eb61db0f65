import type { CertificateEvidence } from '@partner-ecosystem/mtls-binding';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { OAuthError } from '../oauth-error/oauth-error.js';
import { authenticateClient } from './authenticate-client.js';
import type { RegisteredCertificate, RegisteredClient } from './registered-client.entity.js';

const now = new Date('2026-06-01T12:00:00Z');
const dates = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-12-31T00:00:00Z') };
const subject = 'CN=server-a,O=Acme';

let authority: Authority;
let registered: Issued;

beforeAll(async () => {
  authority = await createAuthority({ name: 'Client CA', ...dates });
  registered = await authority.issueClient({ subject, ...dates });
});

function certificate(changes: Partial<RegisteredCertificate> = {}): RegisteredCertificate {
  const window = {
    not_before: dates.notBefore.toISOString(),
    not_after: dates.notAfter.toISOString(),
    retire_at: null,
  };
  return { thumbprint: registered.thumbprint, ...window, ...changes };
}

function client(changes: Partial<RegisteredClient> = {}): RegisteredClient {
  return {
    clientId: 'cli_0199d1a2b3c47d5e8f60718293a4b5c6',
    partnerId: 'ptn_0199d1a2b3c47d5e8f60718293a4b5c7',
    clientStatus: 'active',
    partnerStatus: 'active',
    usable: true,
    authenticationMethod: 'tls_client_auth',
    certificatePolicy: 'registered_only',
    subjectDn: 'cn=SERVER-A,o=acme',
    accessTokenTtl: 300,
    defaultResource: null,
    certificates: [certificate()],
    grants: [],
    ...changes,
  };
}

const evidence = ({ der, thumbprint }: Issued): CertificateEvidence => ({ der, thumbprint, source: 'socket' });

function check(given: RegisteredClient | undefined, presented: Issued = registered, at = now): string {
  try {
    authenticateClient(given, evidence(presented), at);
    return 'authenticated';
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    expect(error.code).toBe('invalid_client');
    return error.check;
  }
}

describe('A10, A11: authenticateClient', () => {
  it('authenticates the registered certificate, and says until when it may be used', () => {
    const authenticated = authenticateClient(client(), evidence(registered), now);
    expect(authenticated.certificate.thumbprint).toBe(registered.thumbprint);
    expect(authenticated.certificateUsableUntil).toEqual(dates.notAfter);
  });

  it('an unknown client is refused whatever it presents', () => expect(check(undefined)).toBe('client_unknown'));

  it.each([
    ['a draft', { clientStatus: 'draft', usable: false }, 'client_not_active'],
    ['suspended', { clientStatus: 'suspended', usable: false }, 'client_not_active'],
    ["a suspended partner's", { partnerStatus: 'suspended', usable: false }, 'partner_not_active'],
    ['unusable for a reason of its own', { usable: false }, 'client_not_usable'],
    ['registered for another method (A15)', { authenticationMethod: 'private_key_jwt' }, 'method_not_supported'],
    ['of another certificate policy', { certificatePolicy: 'identity_only' }, 'method_not_supported'],
    ['without certificates', { certificates: [] }, 'certificate_not_registered'],
  ] satisfies [string, Partial<RegisteredClient>, string][])(
    'a client that is %s is refused',
    (_, changes, expected) => {
      expect(check(client(changes))).toBe(expected);
    },
  );

  it("another client's certificate of the same authority is refused", async () => {
    expect(check(client(), await authority.issueClient({ subject: 'CN=server-b', ...dates }))).toBe(
      'certificate_not_registered',
    );
  });

  it('the same DN from another authority is refused; the log says that the name proves nothing', async () => {
    const other = await createAuthority({ name: 'Client CA', ...dates });
    const twin = await other.issueClient({ subject, ...dates });
    expect(() => authenticateClient(client(), evidence(twin), now)).toThrow(
      /carries the registered subject, which alone proves nothing/,
    );
  });

  it.each([
    ['expired', { notBefore: dates.notBefore, notAfter: new Date('2026-05-31T00:00:00Z') }, 'certificate_expired'],
    [
      'not yet valid',
      { notBefore: new Date('2026-06-02T00:00:00Z'), notAfter: dates.notAfter },
      'certificate_not_yet_valid',
    ],
    ['within its dates, but not registered', dates, 'certificate_not_registered'],
  ])('a certificate nobody registered that is %s is named as that', async (_, window, expected) => {
    expect(check(client(), await authority.issueClient({ subject, ...window }))).toBe(expected);
  });
});

describe('A11: the dates of a registered certificate are judged when a token is asked for', () => {
  const at = (text: string) => new Date(text);

  it.each([
    ['the moment it begins', '2026-01-01T00:00:00Z', 'authenticated'],
    ['before it begins', '2025-12-31T23:59:59Z', 'certificate_not_yet_valid'],
    ['two seconds before its end', '2026-12-30T23:59:58Z', 'authenticated'],
    ['in its last second, for which no token is short enough (A27)', '2026-12-30T23:59:59.500Z', 'certificate_expired'],
    ['after its end', '2026-12-31T00:00:01Z', 'certificate_expired'],
  ])('%s', (_, when, expected) => expect(check(client(), registered, at(when))).toBe(expected));

  it('one to be retired ends then', () => {
    const retiring = client({ certificates: [certificate({ retire_at: '2026-06-01T13:00:00Z' })] });
    expect(authenticateClient(retiring, evidence(registered), now).certificateUsableUntil).toEqual(
      at('2026-06-01T13:00:00Z'),
    );
    expect(check(retiring, registered, at('2026-06-01T13:00:00Z'))).toBe('certificate_retired');
  });
});
