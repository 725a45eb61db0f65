import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { SignJWT } from 'jose';
import { HttpsClient, type Answer } from '../stack/admin/https-client.js';
import { Operator, textIn, type CallBody } from '../stack/admin/operator.js';
import { ENVIRONMENT, SHIPMENT_SCOPES } from '../stack/stack-files.js';
import type { Stack } from '../stack/start-stack.js';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A client that signs assertions, and the certificate of its connections. */
export interface AssertingClient {
  readonly id: string;
  readonly identity: Issued;
  readonly key: KeyObject;
}

/** The running stack with its operator, and what a case needs of partners and clients. */
export class CaseScene {
  private number = 0;
  private partner: Promise<string> | undefined;
  private asserting: Promise<AssertingClient> | undefined;
  private authority: Promise<Authority> | undefined;

  private constructor(
    readonly stack: Stack,
    readonly client: HttpsClient,
    readonly operator: Operator,
  ) {}

  static on(stack: Stack): CaseScene {
    const client = new HttpsClient(stack.pki.serverAuthority.certificatePem);
    const { urls, operatorClientId: clientId } = stack;
    return new CaseScene(stack, client, new Operator(client, { urls, clientId, identity: stack.pki.operator }));
  }

  send(path: string, body: CallBody = {}): Promise<Answer> {
    return this.operator.send(path, body);
  }

  async newPartner(): Promise<string> {
    const slug = `case-${++this.number}`;
    const partner = await this.operator.call('/v1/partners', { json: { slug, legal_name: slug } }, 201);
    const id = textIn(partner, 'id');
    await this.act(`/v1/partners/${id}/activate`);
    return id;
  }

  /** A draft; whatever the fields, it is asked for and not judged. */
  async askForClient(fields: object, partnerId?: string): Promise<Answer> {
    // One for all cases without their own: the same key may stand in several files, and belongs to one partner.
    const partner_id = partnerId ?? (await (this.partner ??= this.newPartner()));
    const names = { partner_id, client_name: `Case ${++this.number}`, environment: ENVIRONMENT };
    return this.send('/v1/clients', { json: { ...names, ...fields } });
  }

  /** A draft that is pinned to this authority. The answer of the first step that was refused, if one was. */
  async pinnedClient(anchorPem: string, anchor: object = {}): Promise<{ id: string; anchorId: string } | Answer> {
    const partnerId = await this.newPartner();
    const client = await this.askForClient({}, partnerId);
    const json = { name: 'Case CA', partner_id: partnerId, pem: anchorPem, ...anchor };
    const registered = await this.send('/v1/trust-anchors', { json });
    if (registered.status !== 201) return registered;
    const [id, anchorId] = [textIn(client, 'id'), textIn(registered, 'id')];
    const linked = await this.send(`/v1/clients/${id}/trust-anchors`, { json: { trust_anchor_id: anchorId } });
    return linked.status < 300 ? { id, anchorId } : linked;
  }

  validate(clientId: string, pem: string): Promise<Answer> {
    return this.send('/v1/certificates/validate', { json: { client_id: clientId, pem } });
  }

  /** One for all cases. */
  assertingClient(): Promise<AssertingClient> {
    return (this.asserting ??= this.newAssertingClient());
  }

  assertion({ id, key }: AssertingClient): Promise<string> {
    return new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'a' })
      .setIssuer(id)
      .setSubject(id)
      .setAudience(this.stack.urls.issuer)
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(key);
  }

  async issueClient(subject: string): Promise<Issued> {
    this.authority ??= createAuthority({ name: 'Case Authority' });
    return (await this.authority).issueClient({ subject });
  }

  private async newAssertingClient(): Promise<AssertingClient> {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'ES256' }] };
    const id = textIn(await this.askForClient({ token_endpoint_auth_method: 'private_key_jwt', jwks }), 'id');
    const identity = await this.issueClient('CN=asserting,O=Case');
    await this.operator.call(`/v1/clients/${id}/certificates`, { pem: identity.certificatePem }, 201);
    const grant = { audience: this.stack.urls.resource, scopes: SHIPMENT_SCOPES };
    await this.operator.call(`/v1/clients/${id}/scopes`, { json: grant }, 201);
    await this.act(`/v1/clients/${id}/activate`);
    return { id, identity, key: privateKey };
  }

  private async act(path: string): Promise<void> {
    await this.operator.call(path, { json: { reason: 'case' }, headers: { 'if-match': '*' } }, 200);
  }
}
