import {
  type Authority,
  createAuthority,
  createCertificationRequest,
  mintCertificate,
  mintCrl,
} from '@partner-ecosystem/test-pki';
import { Operator, textIn } from '../../stack/admin/operator.js';
import { ENVIRONMENT } from '../../stack/stack-files.js';

/** Where examples play: makes whatever has to be there before a call, anew for each. */
export class Stage {
  private made = 0;
  /** the CRL of the last anchor that was made with one */
  listPem = '';

  private constructor(
    readonly operator: Operator,
    /** who asks for what the first one approves */
    private readonly colleague: Operator,
    private readonly authority: Authority,
    /** of the sample API */
    readonly audience: string,
  ) {}

  static async of(operator: Operator, colleague: Operator, audience: string): Promise<Stage> {
    return new Stage(operator, colleague, await createAuthority({ name: 'Examples CA' }), audience);
  }

  async partner(...actions: string[]): Promise<string> {
    const slug = `stage-${++this.made}`;
    return this.put(`/v1/partners`, { slug, legal_name: 'A partner on stage' }, actions);
  }

  async contact(): Promise<string> {
    const contact = { kind: 'technical', name: 'Grace Hopper', email: 'grace@example.com' };
    return this.put(`/v1/partners/${await this.partner()}/contacts`, contact);
  }

  /** A draft, without a certificate. */
  async draft(environment = ENVIRONMENT, partner?: string): Promise<string> {
    const partner_id = partner ?? (await this.partner('activate'));
    return this.put('/v1/clients', { partner_id, client_name: 'A client on stage', environment });
  }

  /** With a certificate, and what happened to it since. */
  async client(...actions: string[]): Promise<string> {
    const client = await this.draft();
    await this.certificate({ client });
    for (const action of actions) await this.act(`/v1/clients/${client}/${action}`);
    return client;
  }

  async certificate({ client, activate = true }: { client?: string; activate?: boolean } = {}): Promise<string> {
    const of = client ?? (await this.draft());
    return this.put(`/v1/clients/${of}/certificates`, { pem: await this.pem(), activate });
  }

  async pem(subject = `CN=on-stage-${++this.made},O=Examples`): Promise<string> {
    return (await this.authority.issueClient({ subject })).certificatePem;
  }

  /** A certificate of a client, and the next one of the same subject. */
  async rotation(client: string): Promise<{ pem: string; replaces: string }> {
    const subject = `CN=on-stage-${++this.made},O=Examples`;
    const replaces = await this.put(`/v1/clients/${client}/certificates`, { pem: await this.pem(subject) });
    return { pem: await this.pem(subject), replaces };
  }

  /** A date to come. */
  soon(): string {
    return new Date(Date.now() + 3_600_000).toISOString();
  }

  /** Pending, with a date. */
  async plannedCertificate(): Promise<string> {
    const json = { pem: await this.pem(), activate_at: this.soon() };
    return this.put(`/v1/clients/${await this.draft()}/certificates`, json);
  }

  async anchorPem(): Promise<string> {
    return (await createAuthority({ name: `Examples CA ${++this.made}` })).certificatePem;
  }

  /** With a list of its own to bring: `listPem`. */
  async anchorWithList(): Promise<string> {
    const root = await mintCertificate({ subject: `CN=Examples CA ${++this.made}`, authority: true });
    const base64 = mintCrl({ issuer: root }).toString('base64');
    this.listPem = `-----BEGIN X509 CRL-----\n${base64}\n-----END X509 CRL-----\n`;
    return this.anchor(root.certificatePem);
  }

  async anchor(pem?: string): Promise<string> {
    return this.put('/v1/trust-anchors', { name: 'An anchor on stage', pem: pem ?? (await this.anchorPem()) });
  }

  /** A client with a subject and one anchor. */
  async anchored(): Promise<{ client: string; anchor: string }> {
    const client = await this.draft();
    const anchor = await this.anchor(this.authority.certificatePem).catch(() => this.sharedAnchor());
    await this.call(`/v1/clients/${client}/trust-anchors`, { trust_anchor_id: anchor }, 201);
    await this.certificate({ client });
    return { client, anchor };
  }

  /** The same key is registered once: the first one who needs it makes it. */
  private async sharedAnchor(): Promise<string> {
    const { body } = await this.operator.call('/v1/trust-anchors?limit=200&status=active', {}, 200);
    const items = body['items'] as { id: string; pem: string }[];
    return items.find(({ pem }) => pem.replace(/\s/g, '') === this.authority.certificatePem.replace(/\s/g, ''))!.id;
  }

  async server(): Promise<string> {
    const scopes = [{ name: 'stage:read', description: 'See the stage.' }];
    const audience = `https://stage-${++this.made}.example`;
    return this.put('/v1/resource-servers', { audience, name: 'An API on stage', environment: ENVIRONMENT, scopes });
  }

  async scope(needsApproval = false): Promise<string> {
    const scope = { name: 'stage:delicate', description: 'Touch the stage.', needs_approval: needsApproval };
    return this.put(`/v1/resource-servers/${await this.server()}/scopes`, scope);
  }

  /** A client that follows the revocations of a server. */
  async link(): Promise<{ server: string; client: string }> {
    const [server, client] = [await this.server(), await this.draft()];
    const link = { client_id: client, may_introspect: true, may_follow_revocations: true };
    await this.call(`/v1/resource-servers/${server}/clients`, link, 201);
    return { server, client };
  }

  async grant(): Promise<string> {
    const answer = await this.call(`/v1/clients/${await this.draft()}/scopes`, this.request('shipments:read'), 201);
    return (answer['items'] as { id: string }[])[0]!.id;
  }

  /** One that waits for somebody else's approval. */
  async requestedGrant(): Promise<string> {
    const scope = await this.scope(true);
    const { body } = await this.operator.call(`/v1/scopes/${scope}`, {}, 200);
    const server = await this.operator.call(`/v1/resource-servers/${String(body['resource_server_id'])}`, {}, 200);
    const json = { audience: textIn(server, 'audience'), scopes: ['stage:delicate'] };
    const answer = await this.colleague.call(`/v1/clients/${await this.draft()}/scopes`, { json }, 201);
    return (answer.body['items'] as { id: string }[])[0]!.id;
  }

  /** A request for a certificate, with a key of its own. */
  async csr(): Promise<string> {
    return (await createCertificationRequest()).pem;
  }

  /** One that waits for somebody else's approval. */
  async certificateRequest(): Promise<string> {
    const path = `/v1/clients/${await this.draft()}/certificate-requests`;
    const { body } = await this.colleague.call(path, { json: { csr: await this.csr() } }, 201);
    return String(body['id']);
  }

  /** One that the stack's start made, and the key of its root. */
  async certificateAuthority(): Promise<{ id: string; spki: string }> {
    const made = await this.operator.call('/v1/audit-events?action=certificate_authority.created', {}, 200);
    const [{ targets } = { targets: [] }] = made.body['items'] as { targets: string[] }[];
    const [id = '', anchor = ''] = targets;
    return { id, spki: textIn(await this.operator.call(`/v1/trust-anchors/${anchor}`, {}, 200), 'spki_sha256') };
  }

  private request(scope: string): object {
    return { audience: this.audience, scopes: [scope] };
  }

  private async put(path: string, json: object, actions: string[] = []): Promise<string> {
    const id = String((await this.call(path, json, 201))['id']);
    for (const action of actions) await this.act(`${path}/${id}/${action}`);
    return id;
  }

  private act(path: string): Promise<object> {
    return this.operator.call(path, { json: { reason: 'on stage' }, headers: { 'if-match': '*' } }, 200);
  }

  private async call(path: string, json: object, status: number): Promise<Record<string, unknown>> {
    return (await this.operator.call(path, { json }, status)).body;
  }
}
