import { randomUUID, type KeyObject } from 'node:crypto';
import { ASSERTION_TYPE } from '../clients/assertions/assertion-header.js';
import { ecPair, jwkOf, signed } from '../clients/partner-keys/partner-keys.fixture.spec.js';
import { call, type Answer, type Call } from '../served.fixture.spec.js';
import type { Parameters, Parties, Party } from './parties.fixture.spec.js';

const ISSUER = 'https://issuer.test';

/** A client registered for `private_key_jwt`, with what it needs to sign. */
export interface AssertionParty extends Party {
  readonly privateKey: KeyObject;
}

export async function joinByAssertion(parties: Parties): Promise<AssertionParty> {
  const [party, pair] = [await parties.join(), ecPair()];
  const jwks = JSON.stringify({ keys: [jwkOf(pair, { kid: 'one' })] });
  await parties.change(
    [party],
    `UPDATE registry.clients SET token_endpoint_auth_method = 'private_key_jwt', tls_client_auth_subject_dn = NULL,
       jwks = '${jwks}' WHERE id = '${party.id}'`,
  );
  return { ...party, privateKey: pair.privateKey };
}

/** The parameters of an assertion that is good once, but for these changes to its claims. */
export async function assertionOf(
  { clientId, privateKey }: AssertionParty,
  changes: Record<string, unknown> = {},
): Promise<Parameters> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: ISSUER, iat: now, exp: now + 60, jti: randomUUID(), ...changes };
  const client_assertion = await signed(claims, { alg: 'ES256', kid: 'one' }, privateKey);
  return { client_assertion_type: ASSERTION_TYPE, client_assertion };
}

/** A form with these parameters and no others, without a certificate unless one is named. */
export function postForm(
  parties: Parties,
  listener: 'tls' | 'mtls',
  path: string,
  parameters: Parameters,
  o: Partial<Call> = {},
): Promise<Answer> {
  const { port } = parties.replicas[0].addresses[listener]!;
  const body = new URLSearchParams(parameters).toString();
  return call({ ca: parties.stage.authority.certificatePem, path, body, ...o, port });
}
