import type { Issued } from '@partner-ecosystem/test-pki';
import type { Stage } from '../demo/stage.js';
import type { Story } from '../demo/story.js';
import type { Answer, HttpsClient, Identity } from '../stack/admin/https-client.js';
import { onboardPartner, type OnboardedPartner } from '../stack/admin/onboard-partner.js';
import { onceFelt } from '../stack/admin/once-felt.js';
import { Operator } from '../stack/admin/operator.js';
import { SHIPMENT_SCOPES } from '../stack/stack-files.js';
import { forgedHeaders } from './forged-headers.js';

interface Scene {
  story: Story;
  stage: Stage;
  client: HttpsClient;
  victim: OnboardedPartner;
  thief: OnboardedPartner;
}

type Ask = (identity: Identity | undefined, headers: Record<string, string>) => Promise<Answer>;

/**
 * Last chapter: a thief writes the victim's certificate, which is public, into every header in which some proxy hands
 * certificates on. Whatever stands in between must drop it, or the app refuse it.
 */
export async function tellSpoofing(story: Story, stage: Stage, client: HttpsClient): Promise<void> {
  story.chapter('VI.  A certificate that somebody only writes about');
  const victim = await onboard(stage, client, 'hooli');
  const thief = await onboard(stage, client, 'massive');
  const scene = { story, stage, client, victim, thief };
  const token = await tellVictim(scene);
  const { tokenEndpoint, resource } = stage.urls;
  const form = { grant_type: 'client_credentials', client_id: victim.clientId };
  await tellAttempts(scene, "asks for the victim's token", (identity, headers) =>
    client.send({ url: tokenEndpoint, identity, form, headers }),
  );
  await tellAttempts(scene, "uses the victim's token", (identity, headers) =>
    client.send({ url: `${resource}/v1/shipments`, identity, token, headers }),
  );
}

/** The twin that passes: without it every refusal below could be for another reason. */
async function tellVictim({ story, stage, client, victim }: Scene): Promise<string> {
  story.step('The victim itself, over its own connection');
  const { identity, clientId: client_id } = victim;
  const form = { grant_type: 'client_credentials', client_id };
  const ask = () => client.send({ url: stage.urls.tokenEndpoint, identity, form });
  const answer = await onceFelt(ask, 200);
  const token = String(answer.body['access_token']);
  const url = `${stage.urls.resource}/v1/shipments`;
  const served = await onceFelt(() => client.send({ url, identity, token }), 200);
  story.fact('gets a token and is served', [200, 200], [answer.status, served.status]);
  return token;
}

async function tellAttempts({ story, victim, thief }: Scene, what: string, ask: Ask): Promise<void> {
  const forged = forgedHeaders(victim.identity as Issued);
  const callers = { 'with a certificate of its own': thief.identity, 'without any certificate': undefined };
  for (const [how, identity] of Object.entries(callers)) {
    story.step(`A thief ${how} ${what}, and writes the victim's certificate into a header`);
    const believed: unknown[] = [];
    for (const headers of forged) {
      const { status } = await ask(identity, headers);
      if (status !== 400 && status !== 401) believed.push([Object.keys(headers), status]);
    }
    story.fact(`refused all ${forged.length} times`, [], believed);
  }
}

async function onboard(stage: Stage, client: HttpsClient, slug: string): Promise<OnboardedPartner> {
  const { urls, pki, operatorClientId: clientId } = stage;
  const operator = new Operator(client, { urls, clientId, identity: pki.operator });
  const names = { slug: `${slug}${stage.run ?? ''}`, legalName: slug, clientName: `${slug} server` };
  const certificate = await pki.clientAuthority.issueClient({ subject: `CN=${slug}-server` });
  return onboardPartner(operator, { ...names, certificate, audience: urls.resource, scopes: SHIPMENT_SCOPES });
}
