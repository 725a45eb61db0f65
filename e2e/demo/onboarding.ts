import { onboardPartner, type OnboardingStep, type OnboardedPartner } from '../stack/admin/onboard-partner.js';
import type { Answer } from '../stack/admin/https-client.js';
import { SHIPMENT_SCOPES } from '../stack/stack-files.js';
import type { Cast, Partners } from './cast.js';
import { boundThumbprint } from './decoded-token.js';

const MEANING: Record<OnboardingStep, { tell: string; fields: string[] }> = {
  partner: { tell: 'A partner is registered …', fields: ['id', 'status'] },
  'activate-partner': { tell: '… and activated.', fields: ['status'] },
  client: { tell: 'It has one system that will call us: a client.', fields: ['client_id', 'status'] },
  certificate: { tell: 'That system will prove itself with this certificate.', fields: ['thumbprint', 'subject_dn'] },
  scopes: { tell: 'It may read and write shipments at the sample API, nothing else.', fields: [] },
  'activate-client': { tell: 'From now on it gets tokens.', fields: ['status'] },
};

/** Chapter one: an operator makes two partners known. */
export async function tellOnboarding(cast: Cast): Promise<Partners> {
  const { story } = cast;
  story.chapter('I.  Two partners are onboarded');
  await tellSignIn(cast);
  story.step('The operator onboards Acme Logistics');
  const acme = await onboard(cast, 'acme', 'Acme Logistics', (step, answer) => {
    story.tell(MEANING[step].tell);
    story.exchange(answer, MEANING[step].fields);
  });
  story.step('… and Globex Freight, in the same way');
  const globex = await onboard(cast, 'globex', 'Globex Freight', () => undefined);
  story.fact('both have a client of their own', true, acme.clientId !== globex.clientId);
  return { acme, globex };
}

async function tellSignIn({ story, operator, stack }: Cast): Promise<void> {
  story.step('The operator signs in: with a certificate, like everybody here');
  const answer = await operator.signIn();
  story.exchange(answer, ['token_type', 'expires_in', 'scope']);
  const bound = boundThumbprint(await operator.accessToken());
  story.fact("the token is bound to the operator's certificate", stack.pki.operator.thumbprint, bound);
}

async function onboard(
  { story, stack, operator }: Cast,
  slug: string,
  legalName: string,
  tell: (step: OnboardingStep, answer: Answer) => void,
): Promise<OnboardedPartner> {
  const subject = `CN=${slug}-server,O=${legalName}`;
  const certificate = await stack.pki.clientAuthority.issueClient({ subject });
  const names = { slug: `${slug}${stack.run ?? ''}`, legalName, clientName: `${legalName} server` };
  const wishes = { audience: stack.urls.resource, scopes: SHIPMENT_SCOPES };
  let status: unknown;
  let thumbprint: unknown;
  const partner = await onboardPartner(operator, { ...names, ...wishes, certificate }, (step, answer) => {
    tell(step, answer);
    if (step === 'activate-client') status = answer.body['status'];
    if (step === 'certificate') thumbprint = answer.body['thumbprint'];
  });
  story.fact(
    `the registry knows the certificate of ${legalName} by its thumbprint`,
    certificate.thumbprint,
    thumbprint,
  );
  story.fact(`the client of ${legalName} is active`, 'active', status);
  return partner;
}
