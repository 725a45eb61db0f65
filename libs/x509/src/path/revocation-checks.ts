import { verdict, type CertificateCheck } from '../leaf-checks/certificate-check.js';
import { instantText } from '../leaf-checks/instant-text.js';
import type { PathNode } from './issuer-graph.js';
import { nodeText } from './node-text.js';
import type { RevocationState } from './revocation-state.js';

/** `require`: every certificate below the anchor needs a list in force. `soft`: a warning without. `off`: not asked. */
export type RevocationMode = 'require' | 'soft' | 'off';

export interface RevocationPolicy {
  mode: RevocationMode;
  stateOf: (subject: PathNode, issuer: PathNode) => RevocationState;
}

/** Revoked, no list, and a list that is out of date, told apart. The anchor is not asked about: it is removed instead. */
export function revocationChecks(chain: PathNode[], policy: RevocationPolicy): CertificateCheck[] {
  if (policy.mode === 'off') return [];
  const links = chain.slice(0, -1).map((node, index) => ({ node, state: policy.stateOf(node, chain[index + 1]!) }));
  const observed = (kind: RevocationState['kind']) =>
    links.filter(({ state }) => state.kind === kind).map(({ node, state }) => `${nodeText(node)}: ${stateText(state)}`);
  const check = (id: string, kind: RevocationState['kind'], expected: string, hint: string): CertificateCheck => {
    const found = observed(kind);
    const outcome = verdict(found.length === 0, hint);
    const softened = policy.mode === 'soft' && kind !== 'revoked' && outcome.result === 'fail';
    const texts = { observed: found.join('; ') || `none of ${links.length} certificates`, expected };
    return { id, ...outcome, ...(softened ? { result: 'warn' as const } : {}), ...texts };
  };
  return [
    check(
      'path_revoked',
      'revoked',
      'certificates that no list names',
      'Have a new certificate issued, for a new key.',
    ),
    check(
      'path_crl_missing',
      'missing',
      'a CRL of every issuer, signed with its key',
      'Add the current CRL of that issuer.',
    ),
    check(
      'path_crl_stale',
      'stale',
      'CRLs that are in force now',
      'Fetch the current list of that issuer; if it publishes none in time, ask it why.',
    ),
  ];
}

function stateText(state: RevocationState): string {
  if (state.kind === 'revoked') return `revoked on ${instantText(state.entry.date)}, ${state.entry.reason}`;
  return state.kind === 'good' ? 'not revoked' : state.reason;
}
