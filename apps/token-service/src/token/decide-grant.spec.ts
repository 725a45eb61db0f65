import { describe, expect, it } from 'vitest';
import type { AuthenticatedClient } from '../clients/authentication/authenticate-client.js';
import type { RegisteredGrant } from '../records/registered-client.entity.js';
import { OAuthError } from '../oauth-error/oauth-error.js';
import { decideGrant } from './decide-grant.js';

const now = new Date('2026-06-01T12:00:00Z');
const shipments = 'https://shipments.test';
const invoices = 'https://invoices.test';
const grant = (audience: string, scope: string, valid_until: string | null = null): RegisteredGrant => ({
  signing_alg: audience === invoices ? 'PS256' : 'ES256',
  audience,
  scope,
  valid_until,
});

interface Given {
  grants?: RegisteredGrant[];
  defaultResource?: string | null;
  accessTokenTtl?: number;
  certificateUsableUntil?: Date;
}

function decide(given: Given, request: { scopes?: string[]; resource?: string } = {}) {
  const { certificateUsableUntil = new Date('2027-01-01T00:00:00Z'), ...registered } = given;
  const client = { grants: [], defaultResource: null, accessTokenTtl: 300, ...registered };
  const authenticated = { client, certificateUsableUntil } as unknown as AuthenticatedClient;
  return decideGrant(authenticated, { clientId: 'cli_1', scopes: request.scopes, resource: request.resource }, now);
}

function refusal(given: Given, request: { scopes?: string[]; resource?: string } = {}): string {
  try {
    decide(given, request);
    return 'granted';
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return `${error.code} ${error.check}`;
  }
}

const both = [grant(shipments, 'read'), grant(shipments, 'write'), grant(invoices, 'read')];

describe('A8, A23: audience and scope', () => {
  it('no scope asked: everything granted for the audience', () => {
    expect(decide({ grants: both }, { resource: shipments })).toMatchObject({
      audience: shipments,
      scopes: ['read', 'write'],
    });
  });

  it('a scope asked: that one', () => {
    expect(decide({ grants: both }, { resource: shipments, scopes: ['write'] }).scopes).toEqual(['write']);
  });

  it('A19: the algorithm is the one of the resource server', () => {
    expect(decide({ grants: both }, { resource: invoices }).signingAlg).toBe('PS256');
    expect(decide({ grants: both }, { resource: shipments }).signingAlg).toBe('ES256');
  });

  it('A23: the resource asked for, whatever the default', () => {
    expect(decide({ grants: both, defaultResource: invoices }, { resource: shipments }).audience).toBe(shipments);
  });

  it('no resource asked: the default, else the only one there is', () => {
    expect(decide({ grants: both, defaultResource: invoices }).audience).toBe(invoices);
    expect(decide({ grants: [grant(invoices, 'read')] }).audience).toBe(invoices);
  });

  it.each([
    ['a scope of another audience', { resource: invoices, scopes: ['write'] }, 'invalid_scope scope_not_granted'],
    ['one granted and one not', { resource: shipments, scopes: ['read', 'admin'] }, 'invalid_scope scope_not_granted'],
    ['an audience without grants', { resource: 'https://other.test' }, 'invalid_target audience_not_granted'],
    ['no resource where there are several', {}, 'invalid_target audience_ambiguous'],
  ])('refuses %s', (_, request, expected) => expect(refusal({ grants: both }, request)).toBe(expected));

  it('refuses a client without grants', () => expect(refusal({})).toBe('invalid_target nothing_granted'));

  it('an ended grant is none, its twin that ends later is', () => {
    expect(refusal({ grants: [grant(shipments, 'read', '2026-06-01T12:00:00Z')] })).toBe(
      'invalid_target nothing_granted',
    );
    expect(refusal({ grants: [grant(shipments, 'read', '2026-06-01T12:00:02Z')] })).toBe('granted');
  });
});

describe('A27: lifetime', () => {
  const grants = [grant(shipments, 'read')];

  it('is what the client is registered with', () => {
    expect(decide({ grants }).lifetime).toBe(300);
    expect(decide({ grants, accessTokenTtl: 60 }).lifetime).toBe(60);
  });

  it("never passes the certificate's end", () => {
    expect(decide({ grants, certificateUsableUntil: new Date('2026-06-01T12:01:30.900Z') }).lifetime).toBe(90);
  });

  it('never passes the end of a grant it carries, and other grants do not matter', () => {
    const ending = [grant(shipments, 'read'), grant(shipments, 'write', '2026-06-01T12:00:10Z')];
    expect(decide({ grants: ending }).lifetime).toBe(10);
    expect(decide({ grants: ending }, { scopes: ['read'] }).lifetime).toBe(300);
  });
});
