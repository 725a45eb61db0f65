import type { Authority } from '@partner-ecosystem/test-pki';
import { SHIPMENT_SCOPES } from '../../stack/stack-files.js';
import type { Random } from '../random.js';
import { grantScope, registerClient, retireClient, uploadCertificate } from './client-operations.js';
import type { Held, HeldClient, HeldPartner } from './held.js';
import type { Operation } from './operation.js';
import { act, change, createPartner, offboard } from './partner-operations.js';

/** What a writer acts on and with. */
export interface Desk {
  /** begins every name it gives */
  name: string;
  random: Random;
  partners: HeldPartner[];
  authority: Authority;
  audience: string;
}

type Choice = () => Operation | Promise<Operation>;

const MOST_CLIENTS = 4;
const MOST_ACTIVE_CERTIFICATES = 3;
const REVOCATION_REASONS = ['superseded', 'key_compromise', 'privilege_withdrawn'] as const;
/** One in so many of the partners and clients that could end does. */
const ENDS_ONE_IN = 12;

/** Any of the mutations that are possible now, by the desk's own random choice. */
export async function nextOperation(desk: Desk): Promise<Operation> {
  const { random, partners, name } = desk;
  const live = partners.filter(({ status }) => status !== 'offboarded');
  const partner = random.pick(live);
  if (!partner || random.whole(20) === 0) return createPartner(`${name}-${partners.length}`, partners);
  const client = random.pick(partner.clients.filter(({ status }) => status !== 'retired'));
  const choices = client && random.whole(4) > 0 ? ofClient(desk, client) : ofPartner(desk, partner);
  return (random.pick(choices) ?? ((): Operation => registerClient(partner, nameOf(desk, partner))))();
}

function ofPartner(desk: Desk, partner: HeldPartner): Choice[] {
  const { random } = desk;
  const choices: Choice[] = [];
  if (partner.clients.length < MOST_CLIENTS) choices.push(() => registerClient(partner, nameOf(desk, partner)));
  const { status } = partner;
  if (status === 'pending') choices.push(() => act(partner, 'activate', 'partner.activated'));
  if (status === 'active') choices.push(() => act(partner, 'suspend', 'partner.suspended'));
  if (status === 'suspended') choices.push(() => act(partner, 'reinstate', 'partner.reinstated'));
  choices.push(() => change(partner, 'partner.changed', { external_ref: `R-${random.whole(1e6)}` }));
  if (random.whole(ENDS_ONE_IN) === 0) choices.push(() => offboard(partner));
  return choices;
}

function ofClient({ random, authority, audience }: Desk, client: HeldClient): Choice[] {
  const choices: Choice[] = [];
  const active = client.certificates.filter(({ status }) => status === 'active');
  const { status } = client;
  if (active.length < MOST_ACTIVE_CERTIFICATES) choices.push(() => uploadCertificate(client, authority));
  if (status === 'draft' && active.length > 0) choices.push(() => act(client, 'activate', 'client.activated'));
  if (status === 'active') choices.push(() => act(client, 'suspend', 'client.suspended'));
  if (status === 'suspended') choices.push(() => act(client, 'reinstate', 'client.reinstated'));
  if (client.version !== undefined) {
    choices.push(() => change(client, 'client.changed', { access_token_ttl: 60 + random.whole(840) }));
  }
  const revocable = random.pick(active);
  if (revocable) choices.push(() => revokeCertificate(random, revocable));
  choices.push(() => grantScope(client, audience, random.pick(SHIPMENT_SCOPES)!));
  const granted = random.pick(client.grants.filter((grant) => grant.status === 'active'));
  if (granted) choices.push(() => act(granted, 'revoke', 'grant.revoked'));
  if (random.whole(ENDS_ONE_IN) === 0) choices.push(() => retireClient(client));
  return choices;
}

function revokeCertificate(random: Random, certificate: Held): Operation {
  return act(certificate, 'revoke', 'certificate.revoked', random.pick(REVOCATION_REASONS));
}

function nameOf({ random }: Desk, partner: HeldPartner): string {
  return `${partner.id.slice(-6)}-${partner.clients.length}-${random.whole(1e6)}`;
}
