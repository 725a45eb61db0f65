import type { Issued } from '@partner-ecosystem/test-pki';
import { ENVIRONMENT } from '../stack-files.js';
import type { Answer } from './https-client.js';
import { textIn, type Operator } from './operator.js';

export interface PartnerToOnboard {
  slug: string;
  legalName: string;
  clientName: string;
  certificate: Issued;
  audience: string;
  scopes: string[];
}

export interface OnboardedPartner {
  partnerId: string;
  /** of the client in the admin API's paths */
  clientKey: string;
  /** what the client calls itself at `/token` */
  clientId: string;
  certificateId: string;
  identity: Issued;
}

export type OnboardingStep = 'partner' | 'activate-partner' | 'client' | 'certificate' | 'scopes' | 'activate-client';

/**
 * What an operator does for a new partner, through the admin API: partner, client, certificate, scopes, on.
 * Errors: StackError `onboarding_failed` with the answer that was not as it should be.
 */
export async function onboardPartner(
  operator: Operator,
  partner: PartnerToOnboard,
  tell: (step: OnboardingStep, answer: Answer) => void = () => undefined,
): Promise<OnboardedPartner> {
  const { slug, legalName: legal_name, clientName: client_name, certificate, audience, scopes } = partner;
  const step = async (
    name: OnboardingStep,
    path: string,
    json: object,
    expected: number,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const answer = await operator.call(path, { json, headers }, expected);
    tell(name, answer);
    return answer;
  };
  const whateverVersion = { 'if-match': '*' };
  const reason = 'contract signed';
  const partnerId = textIn(await step('partner', '/v1/partners', { slug, legal_name }, 201), 'id');
  await step('activate-partner', `/v1/partners/${partnerId}/activate`, { reason }, 200, whateverVersion);
  const newClient = { partner_id: partnerId, client_name, environment: ENVIRONMENT, default_resource: audience };
  const client = await step('client', '/v1/clients', newClient, 201);
  const clientKey = textIn(client, 'id');
  const certificates = `/v1/clients/${clientKey}/certificates`;
  const uploaded = await operator.call(certificates, { pem: certificate.certificatePem }, 201);
  tell('certificate', uploaded);
  await step('scopes', `/v1/clients/${clientKey}/scopes`, { audience, scopes }, 201);
  await step('activate-client', `/v1/clients/${clientKey}/activate`, { reason }, 200, whateverVersion);
  return {
    partnerId,
    clientKey,
    clientId: textIn(client, 'client_id'),
    certificateId: textIn(uploaded, 'id'),
    identity: certificate,
  };
}
