import type { Answer } from '../../stack/admin/https-client.js';
import { SHIPMENT_SCOPES } from '../../stack/stack-files.js';
import type { Victim } from './victim.js';

/** One way to take access away. */
export interface Switch {
  kind: string;
  /** resolves with the answer that told it was done */
  off(victim: Victim, token: string): Promise<Answer>;
  /** so that the victim can get a token again */
  on(victim: Victim): Promise<unknown>;
}

// an emergency waits for no version
const act = (victim: Victim, path: string, reason = 'drill'): Promise<Answer> =>
  victim.operator.call(path, { json: { reason }, headers: { 'if-match': '*' } }, 200);

const nothing = async (): Promise<void> => undefined;

async function grantIdOf(victim: Victim): Promise<string> {
  const { body } = await victim.operator.call(`/v1/clients/${victim.partner.clientKey}/scopes?limit=200`, {}, 200);
  const grants = body['items'] as { id: string; scope: string; status: string }[];
  return grants.find(({ scope, status }) => scope === SHIPMENT_SCOPES[0] && status === 'active')!.id;
}

/** Each takes access from its victim alone. */
export const SWITCHES: readonly [Switch, ...Switch[]] = [
  {
    kind: 'client suspended',
    off: (victim) => act(victim, `/v1/clients/${victim.partner.clientKey}/suspend`),
    on: (victim) => act(victim, `/v1/clients/${victim.partner.clientKey}/reinstate`),
  },
  {
    kind: 'partner suspended',
    off: (victim) => act(victim, `/v1/partners/${victim.partner.partnerId}/suspend`),
    on: (victim) => act(victim, `/v1/partners/${victim.partner.partnerId}/reinstate`),
  },
  {
    kind: 'certificate revoked',
    off: (victim) => act(victim, `/v1/certificates/${victim.certificateId}/revoke`, 'superseded'),
    on: (victim) => victim.renewCertificate(),
  },
  {
    kind: 'grant revoked',
    off: async (victim) => act(victim, `/v1/grants/${await grantIdOf(victim)}/revoke`),
    on: ({ operator, partner, audience }) =>
      operator.call(
        `/v1/clients/${partner.clientKey}/scopes`,
        { json: { audience, scopes: [SHIPMENT_SCOPES[0]] } },
        201,
      ),
  },
  {
    kind: "client's tokens revoked",
    off: (victim) => act(victim, `/v1/clients/${victim.partner.clientKey}/revoke-tokens`),
    on: nothing,
  },
  {
    kind: "partner's tokens revoked",
    off: (victim) => act(victim, `/v1/partners/${victim.partner.partnerId}/revoke-tokens`),
    on: nothing,
  },
  { kind: 'token revoked by its client', off: (victim, token) => victim.revokeToken(token), on: nothing },
];

/** Takes every token of everybody: never while another switch is measured. */
export const REVOKE_ALL_TOKENS: Switch = {
  kind: 'all tokens revoked',
  off: ({ operator }) => operator.call('/v1/revoke-all-tokens', { json: { reason: 'drill' } }, 200),
  on: nothing,
};
