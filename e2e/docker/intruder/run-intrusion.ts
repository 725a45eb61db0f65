import { connect } from 'node:net';
import type { Issued } from '@partner-ecosystem/test-pki';
import { paint } from '../../demo/paint.js';
import type { Stage } from '../../demo/stage.js';
import { Story } from '../../demo/story.js';
import { HttpsClient } from '../../stack/admin/https-client.js';
import { onboardPartner, type OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { onceFelt } from '../../stack/admin/once-felt.js';
import { Operator } from '../../stack/admin/operator.js';
import { requestToken } from '../../stack/admin/request-token.js';
import { SHIPMENT_SCOPES } from '../../stack/stack-files.js';
import { forgedHeaders } from '../forged-headers.js';
import { untilServed } from '../until-served.js';
import { askDirectly, type DirectCall } from './ask-directly.js';

const MTLS_PORT = 9443;

/**
 * Somebody got a container into the networks behind the proxies, and goes straight to the apps there.
 * @param apps containers' names; gives the exit code
 */
export async function runIntrusion(stage: Stage, apps: readonly string[]): Promise<number> {
  const { urls, pki } = stage;
  const story = new Story((text) => process.stdout.write(text), paint(false));
  const client = new HttpsClient(pki.serverAuthority.certificatePem);
  await untilServed(client, [urls.tokenEndpoint, urls.registry, urls.resource]);
  const victim = await onboard(stage, client);
  const ask = () =>
    requestToken(client, { tokenEndpoint: urls.tokenEndpoint, clientId: victim.clientId, identity: victim.identity });
  const token = String((await onceFelt(ask, 200)).body['access_token']);
  await client.close();
  for (const app of apps) await tellApp(story, stage, { app, victim, token });
  story.summary(0);
  return story.deviations === 0 ? 0 : 1;
}

interface Target {
  app: string;
  victim: OnboardedPartner;
  token: string;
}

async function tellApp(story: Story, stage: Stage, { app, victim, token }: Target): Promise<void> {
  const own = await stage.pki.clientAuthority.issueClient({ subject: 'CN=intruder' });
  const call = callTo(stage, { app, victim, token });
  story.step(`${app}, without the proxy`);
  const believed: unknown[] = [];
  for (const identity of [undefined, own]) {
    for (const headers of forgedHeaders(victim.identity as Issued)) {
      const status = await askDirectly({ ...call, identity, headers: { ...call.headers, ...headers } });
      if (status !== 400 && status !== 401) believed.push([Object.keys(headers), status]);
    }
  }
  story.fact('believes no header of somebody who is not the proxy', [], believed);
  const outcome = await askDirectly({ ...call, identity: own, socket: await afterProxyHeader(app) }).catch(() => 'cut');
  story.fact('reads no PROXY protocol header from somebody who is not the balancer', 'cut', outcome);
}

function callTo({ pki }: Stage, { app, victim, token }: Target): DirectCall {
  const to = { host: app, port: MTLS_PORT, serverCa: pki.serverAuthority.certificatePem };
  if (app.startsWith('token-service')) {
    const form = { grant_type: 'client_credentials', client_id: victim.clientId };
    return { ...to, servername: 'tokens.localhost', path: '/token', form, headers: {} };
  }
  return {
    ...to,
    servername: 'shipments.localhost',
    path: '/v1/shipments',
    headers: { authorization: `Bearer ${token}` },
  };
}

/** A connection on which somebody claims to connect for 198.51.100.1. */
async function afterProxyHeader(host: string) {
  const socket = connect({ host, port: MTLS_PORT });
  socket.on('error', () => undefined);
  socket.write(Buffer.from('0d0a0d0a000d0a515549540a2111000cc63364010a000001c00124e3', 'hex'));
  return socket;
}

async function onboard({ urls, pki, operatorClientId: clientId, run = '' }: Stage, client: HttpsClient) {
  const operator = new Operator(client, { urls, clientId, identity: pki.operator });
  const certificate = await pki.clientAuthority.issueClient({ subject: 'CN=victim' });
  const names = { slug: `victim${run}`, legalName: 'Victim', clientName: 'Victim' };
  return onboardPartner(operator, { ...names, certificate, audience: urls.resource, scopes: SHIPMENT_SCOPES });
}
