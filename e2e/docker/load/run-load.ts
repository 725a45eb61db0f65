import type { Stage } from '../../demo/stage.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpsClient, type Answer } from '../../stack/admin/https-client.js';
import { onboardPartner } from '../../stack/admin/onboard-partner.js';
import { Operator } from '../../stack/admin/operator.js';
import { onceFelt } from '../../stack/admin/once-felt.js';
import { requestToken } from '../../stack/admin/request-token.js';
import { SHIPMENT_SCOPES } from '../../stack/stack-files.js';
import { untilServed } from '../until-served.js';
import { loadReport } from './load-report.js';
import { withRetries, type Attempt } from './retry-policy.js';

// one client: below the 100 tokens a second that the token service gives it
const PAUSE_MS = 150;

export interface Amount {
  /** at most; SIGTERM ends it earlier */
  seconds: number;
  /** requests at once; half of them ask for tokens, half read */
  workers: number;
}

/**
 * A partner's server that asks for tokens and reads shipments without a pause. Prints "loading" when it begins, and what
 * it saw as the last line: a LoadReport as JSON.
 */
export async function runLoad({ urls, pki, operatorClientId, run = '' }: Stage, amount: Amount): Promise<void> {
  const client = new HttpsClient(pki.serverAuthority.certificatePem);
  await untilServed(client, [urls.tokenEndpoint, urls.registry, urls.resource]);
  const operator = new Operator(client, { urls, clientId: operatorClientId, identity: pki.operator });
  const certificate = await pki.clientAuthority.issueClient({ subject: 'CN=load' });
  const { clientId, identity } = await onboardPartner(operator, {
    slug: `load${run}`,
    legalName: 'Load',
    clientName: 'Load',
    certificate,
    audience: urls.resource,
    scopes: SHIPMENT_SCOPES,
  });
  const askForToken = () => requestToken(client, { tokenEndpoint: urls.tokenEndpoint, clientId, identity });
  const token = String((await onceFelt(askForToken, 200)).body['access_token']);
  const read = () => client.send({ url: `${urls.resource}/v1/shipments`, identity, token });
  await onceFelt(read, 200);
  process.stdout.write('loading\n');
  const report = loadReport(await working([askForToken, read], amount));
  await client.close();
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

async function working(asks: (() => Promise<Answer>)[], { seconds, workers }: Amount): Promise<Attempt[][]> {
  const requests: Attempt[][] = [];
  let until = Date.now() + seconds * 1_000;
  process.once('SIGTERM', () => (until = 0));
  const work = async (ask: () => Promise<Answer>): Promise<void> => {
    while (Date.now() < until) {
      requests.push(await withRetries(ask));
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, index) => work(asks[index % asks.length]!)));
  return requests;
}
