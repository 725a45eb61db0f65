import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, inject } from 'vitest';
import { HttpsClient, type Answer, type Identity } from '../../stack/admin/https-client.js';
import { onboardPartner, type OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { Operator } from '../../stack/admin/operator.js';
import { requestToken } from '../../stack/admin/request-token.js';
import { logLinesOf, refusingCheck } from '../../stack/log-lines.js';
import { SHIPMENT_SCOPES } from '../../stack/stack-files.js';
import type { AppName } from '../../stack/topology.js';
import type { RunningStack } from './one-stack.js';

let partners = 0;

/** The one stack, from a spec file: with its operator, and everything a partner's server does. */
export class StackUnderTest {
  readonly running: RunningStack = inject('stack');
  readonly client = new HttpsClient(this.running.serverCa);
  readonly operator = new Operator(this.client, {
    urls: this.running.urls,
    clientId: this.running.operatorClientId,
    identity: this.running.operator,
  });

  constructor() {
    afterAll(() => this.client.close());
  }

  /** A partner of its own for every spec that changes one. */
  async onboard(certificate: Issued, scopes: string[] = SHIPMENT_SCOPES): Promise<OnboardedPartner> {
    const slug = `spec-${process.pid}-${++partners}`;
    const names = { slug, legalName: `Spec partner ${slug}`, clientName: `${slug} server` };
    const audience = this.running.urls.resource;
    return onboardPartner(this.operator, { ...names, certificate, audience, scopes });
  }

  token(clientId: string, identity: Identity | undefined, wishes: { scope?: string; resource?: string } = {}) {
    const { tokenEndpoint } = this.running.urls;
    return requestToken(this.client, { tokenEndpoint, clientId, identity, ...wishes });
  }

  async accessToken(partner: OnboardedPartner): Promise<string> {
    const answer = await this.token(partner.clientId, partner.identity);
    return String(answer.body['access_token']);
  }

  /** Which check refused a request, as the app's log tells it under the request id of the answer. */
  refusedBy(app: AppName, answer: Answer): string | undefined {
    return refusingCheck(logLinesOf(this.running.logFiles[app], answer.headers['x-request-id'] ?? ''));
  }
}

let authority: ReturnType<typeof createAuthority> | undefined;

/** A client certificate from the authority of this spec file. */
export async function clientCertificate(subject: string, dates: { notAfter?: Date } = {}): Promise<Issued> {
  authority ??= createAuthority({ name: 'Partners CA' });
  return (await authority).issueClient({ subject, ...dates });
}
