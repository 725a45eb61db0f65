import type { HttpsClient, Answer, Call } from '../stack/admin/https-client.js';
import type { OnboardedPartner } from '../stack/admin/onboard-partner.js';
import type { Operator } from '../stack/admin/operator.js';
import { requestToken } from '../stack/admin/request-token.js';
import { logLinesOf, refusingCheck } from '../stack/log-lines.js';
import type { AppName } from '../stack/topology.js';
import type { Stage } from './stage.js';
import type { Story } from './story.js';

/** Everybody a chapter may need. */
export interface Cast {
  story: Story;
  stack: Stage;
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

/**
 * The callers learn a code; which check refused stands in the log of the app, under the request id of the answer. Where the
 * log is out of reach it is only said what somebody with the log will find.
 */
export function tellCheck({ story, stack }: Cast, app: AppName, answer: Answer, check: string): void {
  const id = answer.headers['x-request-id'] ?? '';
  if (stack.logFiles) {
    const logged = refusingCheck(logLinesOf(stack.logFiles[app], id));
    story.fact(`the caller is not told why; the log names the check: ${check}`, check, logged);
  } else {
    story.tell(`(the log of ${app} names the check under ${id}: ${check})`);
  }
}
