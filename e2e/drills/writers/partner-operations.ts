import type { CallBody } from '../../stack/admin/operator.js';
import { allOf, heldFrom, keepUp, type HeldPartner, type Held, type Shown } from './held.js';
import type { Operation } from './operation.js';

export function createPartner(slug: string, partners: HeldPartner[]): Operation {
  return {
    action: 'partner.created',
    path: '/v1/partners',
    body: { json: { slug, legal_name: `Drill ${slug}` } },
    status: 201,
    acknowledge(shown) {
      const partner = { ...heldFrom('/v1/partners', shown), clients: [] };
      partners.push(partner);
      return partner;
    },
  };
}

/** A status action, such as `suspend`; the cascades of others may have made versions that nobody was shown. */
export function act(held: Held, verb: string, action: string, reason = 'drill'): Operation {
  return {
    action,
    path: `${held.path}/${verb}`,
    body: { json: { reason }, headers: { 'if-match': '*' } },
    status: 200,
    acknowledge: (shown) => acknowledged(held, shown),
  };
}

/** A merge patch on the version that was seen. */
export function change(held: Held, action: string, mergePatch: object): Operation {
  const body: CallBody = { mergePatch, headers: { 'if-match': `"${held.version}"` } };
  const acknowledge = (shown: Shown): Held => acknowledged(held, shown);
  return { action, path: held.path, body, status: 200, acknowledge };
}

/** Takes everything of the partner along. */
export function offboard(partner: HeldPartner): Operation {
  const operation = act(partner, 'offboard', 'partner.offboarded');
  return {
    ...operation,
    acknowledge(shown) {
      for (const held of allOf(partner)) end(held);
      return operation.acknowledge(shown);
    },
  };
}

/** What becomes of an object when its partner or client ends. */
export function end(held: Held): void {
  const last = held.id.startsWith('cli_') ? 'retired' : 'revoked';
  if (held.status !== last) Object.assign(held, { status: last, version: undefined });
}

function acknowledged(held: Held, shown: Shown): Held {
  keepUp(held, shown);
  return held;
}
