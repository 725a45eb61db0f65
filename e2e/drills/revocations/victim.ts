import type { Authority, Issued } from '@partner-ecosystem/test-pki';
import type { HttpsClient } from '../../stack/admin/https-client.js';
import { onboardPartner, type OnboardedPartner } from '../../stack/admin/onboard-partner.js';
import { textIn, type Operator } from '../../stack/admin/operator.js';
import { requestToken } from '../../stack/admin/request-token.js';
import { StackError } from '../../stack/stack-error.js';
import { SHIPMENT_SCOPES } from '../../stack/stack-files.js';

export interface VictimOptions {
  operator: Operator;
  client: HttpsClient;
  authority: Authority;
  audience: string;
  name: string;
}

/** A partner whose access is taken away and given back, again and again. */
export class Victim {
  private constructor(
    private readonly options: VictimOptions,
    readonly partner: OnboardedPartner,
    private current: { identity: Issued; id: string },
  ) {}

  static async onboard(options: VictimOptions): Promise<Victim> {
    const { operator, authority, audience, name } = options;
    const certificate = await authority.issueClient({ subject: `CN=${name}` });
    const names = { slug: name, legalName: `Drill ${name}`, clientName: `${name} server` };
    const partner = await onboardPartner(operator, { ...names, certificate, audience, scopes: SHIPMENT_SCOPES });
    return new Victim(options, partner, { identity: certificate, id: partner.certificateId });
  }

  get operator(): Operator {
    return this.options.operator;
  }

  /** of the admin API's certificate in use */
  get certificateId(): string {
    return this.current.id;
  }

  get identity(): Issued {
    return this.current.identity;
  }

  get audience(): string {
    return this.options.audience;
  }

  /** A fresh one for the sample API. Errors: StackError when it is refused. */
  async accessToken(): Promise<string> {
    const { client, operator } = this.options;
    const { tokenEndpoint } = operator.access.urls;
    const answer = await requestToken(client, {
      tokenEndpoint,
      clientId: this.partner.clientId,
      identity: this.identity,
    });
    if (answer.status === 200) return textIn(answer, 'access_token');
    throw new StackError('drill_failed', `${this.options.name}: no token: ${answer.status} ${answer.text}`);
  }

  /** RFC 7009, by the client itself. */
  revokeToken(token: string) {
    const { client, operator } = this.options;
    const url = operator.access.urls.tokenEndpoint.replace(/\/token$/, '/revoke');
    return client.send({ url, identity: this.identity, form: { token, client_id: this.partner.clientId } });
  }

  async renewCertificate(): Promise<void> {
    const { authority, operator, name } = this.options;
    const identity = await authority.issueClient({ subject: `CN=${name}` });
    const path = `/v1/clients/${this.partner.clientKey}/certificates`;
    const uploaded = await operator.call(path, { pem: identity.certificatePem }, 201);
    this.current = { identity, id: textIn(uploaded, 'id') };
  }
}
