import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import type { Answer } from '../stack/admin/https-client.js';
import { onceFelt } from '../stack/admin/once-felt.js';
import type { OnboardedPartner } from '../stack/admin/onboard-partner.js';
import { tellCheck, tokenFor, type Cast, type Partners } from './cast.js';

// Long enough to register it and to ask once; on a slow machine the next certificate gets twice as long.
const SHORT_LIFE_MS = 5_000;
const LONGEST_LIFE_MS = 160_000;

/** Chapter four: who gets no token at all. */
export async function tellRefusedAtToken(cast: Cast, { acme, globex }: Partners): Promise<void> {
  cast.story.chapter('IV.  Who gets no token in the first place');
  await tellNamesake(cast, acme);
  await tellExpired(cast, acme);
  await tellSuspended(cast, globex);
  await tellRevoked(cast, acme);
}

async function tellNamesake(cast: Cast, acme: OnboardedPartner): Promise<void> {
  const { story, stack } = cast;
  story.step("A certificate with Acme's very name, from an authority of the attacker's own");
  const authority = await createAuthority({ name: stack.pki.clientAuthority.name });
  const namesake = await authority.issueClient({ subject: 'CN=acme-server,O=Acme Logistics' });
  tellRefusal(cast, await tokenFor(cast, acme, namesake), 'certificate_not_registered');
}

async function tellExpired(cast: Cast, acme: OnboardedPartner): Promise<void> {
  const { story } = cast;
  story.step("Acme's second certificate, which lives only a few seconds");
  const { shortLived, notAfter, lifeMs, early } = await registerShortLived(cast, acme, SHORT_LIFE_MS);
  story.exchange(early, ['expires_in']);
  story.fact('while it lives it gets a token', 200, early.status);
  story.fact('which does not outlive it', true, Number(early.body['expires_in']) <= lifeMs / 1000 + 1);
  story.tell(`… waiting until ${notAfter.toISOString()}, when it expires …`);
  await sleep(notAfter.getTime() - Date.now() + 50); // the certificate's own end, by the clock of another process
  tellRefusal(cast, await tokenFor(cast, acme, shortLived), 'certificate_expired');
}

interface ShortLived {
  shortLived: Issued;
  notAfter: Date;
  lifeMs: number;
  /** the answer to it while it lived */
  early: Answer;
}

async function registerShortLived(cast: Cast, acme: OnboardedPartner, lifeMs: number): Promise<ShortLived> {
  const notAfter = new Date(Math.ceil(Date.now() / 1000) * 1000 + lifeMs);
  const subject = 'CN=acme-server,O=Acme Logistics';
  const shortLived = await cast.stack.pki.clientAuthority.issueClient({ subject, notAfter });
  await cast.operator.send(`/v1/clients/${acme.clientKey}/certificates`, { json: { pem: shortLived.certificatePem } });
  const early = await onceFelt(() => tokenFor(cast, acme, shortLived), 200, lifeMs);
  const again = early.status !== 200 && lifeMs < LONGEST_LIFE_MS;
  return again ? registerShortLived(cast, acme, 2 * lifeMs) : { shortLived, notAfter, lifeMs, early };
}

async function tellSuspended(cast: Cast, globex: OnboardedPartner): Promise<void> {
  const { story, operator } = cast;
  story.step("The operator suspends Globex's client");
  const suspended = await operator.send(`/v1/clients/${globex.clientKey}/suspend`, {
    json: { reason: 'stole a token' },
    headers: { 'if-match': '*' },
  });
  story.exchange(suspended, ['status']);
  story.fact('suspended', 'suspended', suspended.body['status']);
  tellRefusal(cast, await onceFelt(() => tokenFor(cast, globex), 401), 'client_not_active');
  await operator.send(`/v1/clients/${globex.clientKey}/reinstate`, {
    json: { reason: 'apologised' },
    headers: { 'if-match': '*' },
  });
  const again = await onceFelt(() => tokenFor(cast, globex), 200);
  story.fact('reinstated, it gets tokens again', 200, again.status);
}

async function tellRevoked(cast: Cast, acme: OnboardedPartner): Promise<void> {
  const { story, operator } = cast;
  story.step("Acme's key has leaked: its certificate is revoked, and a new one takes over");
  const replacement = await replace(cast, acme);
  const path = `/v1/certificates/${acme.certificateId}/revoke`;
  const revoked = await operator.send(path, { json: { reason: 'key_compromise' }, headers: { 'if-match': '*' } });
  story.exchange(revoked, ['status']);
  story.fact('revoked', 'revoked', revoked.body['status']);
  tellRefusal(cast, await onceFelt(() => tokenFor(cast, acme), 401), 'certificate_revoked');
  story.fact('the new one works', 200, (await onceFelt(() => tokenFor(cast, acme, replacement), 200)).status);
}

async function replace({ stack, operator }: Cast, acme: OnboardedPartner): Promise<Issued> {
  const replacement = await stack.pki.clientAuthority.issueClient({ subject: 'CN=acme-server,O=Acme Logistics' });
  await operator.call(`/v1/clients/${acme.clientKey}/certificates`, { pem: replacement.certificatePem }, 201);
  return replacement;
}

function tellRefusal(cast: Cast, answer: Answer, check: string): void {
  const { story } = cast;
  story.exchange(answer, ['error']);
  story.fact('refused with 401 invalid_client', [401, 'invalid_client'], [answer.status, answer.body['error']]);
  tellCheck(cast, 'token-service', answer, check);
}
