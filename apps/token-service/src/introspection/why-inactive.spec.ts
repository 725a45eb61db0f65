import { describe, expect, it } from 'vitest';
import type { RegisteredCertificate, RegisteredClient, RegisteredGrant } from '../records/registered-client.entity.js';
import { registeredClient } from '../clients/registered-client.fixture.spec.js';
import { AUDIENCE, boundToken, THUMBPRINT } from './bound-token.fixture.spec.js';
import { whyInactive } from './why-inactive.js';

const now = new Date('2026-06-01T12:01:00Z');
const PAST = '2026-06-01T12:00:59.999Z';
const FUTURE = '2026-06-01T12:01:00.001Z';

const certificate = (changes: Partial<RegisteredCertificate> = {}): RegisteredCertificate => ({
  thumbprint: THUMBPRINT,
  not_before: '2026-01-01T00:00:00Z',
  not_after: '2027-01-01T00:00:00Z',
  retire_at: null,
  path_valid_until: null,
  spki_sha256: '0'.repeat(64),
  ...changes,
});
const grant = (changes: Partial<RegisteredGrant> = {}): RegisteredGrant => ({
  audience: AUDIENCE,
  scope: 'things:read',
  valid_until: null,
  signing_alg: 'ES256',
  ...changes,
});
const holder = (changes: Partial<RegisteredClient> = {}) =>
  registeredClient({ certificates: [certificate()], grants: [grant()], ...changes });
const why = (changes: Partial<RegisteredClient> = {}, token = boundToken()) => whyInactive(token, holder(changes), now);

describe('A31: a token whose client, certificate or grant is off is inactive', () => {
  it('nothing speaks against a good one', () => expect(why()).toBeUndefined());

  it.each<[string, Partial<RegisteredClient>, string]>([
    ['a suspended client', { clientStatus: 'suspended', usable: false }, 'client_not_usable'],
    ['a revoked client', { clientStatus: 'revoked', usable: false }, 'client_not_usable'],
    ['a suspended partner', { partnerStatus: 'suspended', usable: false }, 'client_not_usable'],
    ['a client that is not to be used for a reason of its own', { usable: false }, 'client_not_usable'],
    ['another client under the name', { clientId: `cli_${'0'.repeat(32)}` }, 'client_unknown'],
    ['a client of another partner', { partnerId: `ptn_${'0'.repeat(32)}` }, 'client_unknown'],
  ])('%s', (_, changes, expected) => expect(why(changes)).toBe(expected));

  it('a client that is not registered any more', () => {
    expect(whyInactive(boundToken(), undefined, now)).toBe('client_unknown');
  });

  const other = certificate({ thumbprint: 'x'.repeat(43) });
  const revokedCertificates = [{ thumbprint: THUMBPRINT, spki_sha256: '0'.repeat(64) }];
  const identity = { certificatePolicy: 'identity_only' };
  it.each<[string, Partial<RegisteredClient>, string | undefined]>([
    ['a certificate that is not registered any more', { certificates: [other] }, 'certificate_not_registered'],
    ['a revoked certificate', { certificates: [], revokedCertificates }, 'certificate_revoked'],
    ['a retired certificate', { certificates: [certificate({ retire_at: PAST })] }, 'certificate_over'],
    [
      'one that retires at this moment',
      { certificates: [certificate({ retire_at: now.toISOString() })] },
      'certificate_over',
    ],
    ['one that retires in a moment', { certificates: [certificate({ retire_at: FUTURE })] }, undefined],
    ['an expired certificate', { certificates: [certificate({ not_after: PAST })] }, 'certificate_over'],
    ['a path that has ended', { certificates: [certificate({ path_valid_until: PAST })] }, 'certificate_over'],
    ['a date that is none', { certificates: [certificate({ retire_at: 'soon' })] }, 'certificate_over'],
    [
      'A13: a path that nobody asks for has ended',
      { authenticationMethod: 'self_signed_tls_client_auth', certificates: [certificate({ path_valid_until: PAST })] },
      undefined,
    ],
    ['identity_only: a certificate that need not be registered', { ...identity, certificates: [] }, undefined],
    [
      'identity_only: a revoked certificate',
      { ...identity, certificates: [], revokedCertificates },
      'certificate_revoked',
    ],
    [
      'identity_only: a retired one',
      { ...identity, certificates: [certificate({ retire_at: PAST })] },
      'certificate_over',
    ],
    [
      'a policy nobody knows: not registered',
      { certificatePolicy: 'any', certificates: [] },
      'certificate_not_registered',
    ],
  ])('A15: %s', (_, changes, expected) => expect(why(changes)).toBe(expected));

  it.each<[string, Partial<RegisteredClient>, string | undefined]>([
    ['no grants', { grants: [] }, 'scope_not_granted'],
    ['another scope of the audience', { grants: [grant({ scope: 'things:write' })] }, 'scope_not_granted'],
    [
      'the same scope of another audience',
      { grants: [grant({ audience: 'https://other.test' })] },
      'scope_not_granted',
    ],
    ['a grant that has ended', { grants: [grant({ valid_until: PAST })] }, 'scope_not_granted'],
    ['a grant that ends at this moment', { grants: [grant({ valid_until: now.toISOString() })] }, 'scope_not_granted'],
    ['a grant that ends in a moment', { grants: [grant({ valid_until: FUTURE })] }, undefined],
    ['an ended grant and its twin', { grants: [grant({ valid_until: PAST }), grant()] }, undefined],
  ])('A8: %s', (_, changes, expected) => expect(why(changes)).toBe(expected));

  it('A8: one scope of several is no longer granted', () => {
    const token = boundToken({ scopes: ['things:read', 'things:write'] });
    expect(why({}, token)).toBe('scope_not_granted');
    expect(why({ grants: [grant(), grant({ scope: 'things:write' })] }, token)).toBeUndefined();
  });

  it('A8: a token without scopes was granted nothing', () => {
    expect(why({}, boundToken({ scopes: [] }))).toBe('scope_not_granted');
  });
});
