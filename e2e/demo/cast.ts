import type { HttpsClient, Answer, Call } from '../stack/admin/https-client.js';
import type { OnboardedPartner } from '../stack/admin/onboard-partner.js';
import type { Operator } from '../stack/admin/operator.js';
import { requestToken } from '../stack/admin/request-token.js';
import { logLinesOf, refusingCheck } from '../stack/log-lines.js';
import type { Stack } from '../stack/start-stack.js';
import type { AppName } from '../stack/topology.js';
import type { Story } from './story.js';

/** Everybody a chapter may need. */
export interface Cast {
  story: Story;
  stack: Stack;
  client: HttpsClient;
  operator: Operator;
}

/** Both partners, each with a server that can ask for tokens. */
export interface Partners {
  acme: OnboardedPartner;
  globex: OnboardedPartner;
}

/** A token for the sample API, asked for by a partner's server. */
export function tokenFor({ client, stack }: Cast, partner: OnboardedPartner, identity = partner.identity) {
  const { tokenEndpoint } = stack.urls;
  return requestToken(client, { tokenEndpoint, clientId: partner.clientId, identity });
}

export function shipments({ client, stack }: Cast, call: Omit<Call, 'url'>, path = ''): Promise<Answer> {
  return client.send({ url: `${stack.urls.resource}/v1/shipments${path}`, ...call });
}

/** The callers learn a code; which check refused stands in the log of the app, under the request id of the answer. */
export function checkInLog({ stack }: Cast, app: AppName, answer: Answer): string | undefined {
  return refusingCheck(logLinesOf(stack.logFiles[app], answer.headers['x-request-id'] ?? ''));
}
