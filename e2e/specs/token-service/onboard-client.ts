import type { Issued } from '@partner-ecosystem/test-pki';
import { textIn, type Operator } from '../../stack/admin/operator.js';
import { ENVIRONMENT, SHIPMENT_SCOPES } from '../../stack/stack-files.js';

export interface ClientToOnboard {
  partnerId: string;
  audience: string;
  /** what the admin API knows its method by: subject value, keys */
  fields: Record<string, unknown>;
  /** to upload; under `identity_only` none is needed */
  certificate?: Issued;
  /** known by its subject value under this anchor */
  trustAnchorId?: string;
  scopes?: string[];
}

let partners = 0;

/** An active partner. */
export async function onboardOwner(operator: Operator): Promise<string> {
  const slug = `token-spec-${process.pid}-${++partners}`;
  const id = textIn(await operator.call('/v1/partners', { json: { slug, legal_name: slug } }, 201), 'id');
  await operator.call(`/v1/partners/${id}/activate`, { json: { reason: 'spec' }, headers: { 'if-match': '*' } }, 200);
  return id;
}

/** An authority of the partner's own; gives the anchor's id. */
export async function registerAnchor(operator: Operator, partnerId: string, { certificatePem }: Issued) {
  const json = { name: 'Spec CA', partner_id: partnerId, pem: certificatePem };
  return textIn(await operator.call('/v1/trust-anchors', { json }, 201), 'id');
}

/** An active client of any method and policy, through the admin API; gives its id, there and at `/token`. */
export async function onboardClient(operator: Operator, client: ClientToOnboard): Promise<string> {
  const { partnerId, audience, fields, certificate, trustAnchorId, scopes = SHIPMENT_SCOPES } = client;
  const names = { partner_id: partnerId, client_name: 'Spec client', environment: ENVIRONMENT };
  const json = { ...names, default_resource: audience, ...fields };
  const id = textIn(await operator.call('/v1/clients', { json }, 201), 'id');
  const path = `/v1/clients/${id}`;
  if (certificate) await operator.call(`${path}/certificates`, { json: { pem: certificate.certificatePem } }, 201);
  if (trustAnchorId !== undefined) {
    await operator.call(`${path}/trust-anchors`, { json: { trust_anchor_id: trustAnchorId } }, 201);
    const etag = (await operator.call(path, {}, 200)).headers['etag'] ?? '';
    const mergePatch = { certificate_policy: 'identity_only' };
    await operator.call(path, { mergePatch, headers: { 'if-match': etag } }, 200);
  }
  await operator.call(`${path}/scopes`, { json: { audience, scopes } }, 201);
  await operator.call(`${path}/activate`, { json: { reason: 'spec' }, headers: { 'if-match': '*' } }, 200);
  return id;
}
