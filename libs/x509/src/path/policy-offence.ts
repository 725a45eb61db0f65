import type { Certificate } from '../certificate/certificate.js';
import { X509Error } from '../x509-error.js';
import type { PathNode } from './issuer-graph.js';
import { nodeText } from './node-text.js';
import { ANY_POLICY, policyExtensionsOf, type PolicyExtensions } from './policy-extensions.js';

/** The state variables of RFC 5280 6.1.2 that are about policies. */
interface PolicyState {
  /**
   * What the next certificate may name: the expected policies of the deepest level of the policy graph (RFC 9618).
   * Empty: the graph is NULL. The levels above it only tell which policies a whole path is valid for, which is not
   * asked here. So what is kept grows with the certificates, never with the ways through them.
   */
  expected: ReadonlySet<string>;
  /** how many certificates may follow before each of these applies; 0: it does */
  explicitPolicy: number;
  policyMapping: number;
  inhibitAnyPolicy: number;
  /** whose constraint decides about `explicitPolicy` */
  requiredBy: PathNode | undefined;
}

/**
 * Why a chain, leaf first, breaks the rules about certificate policies (RFC 5280 6.1.3 to 6.1.5; every policy is
 * acceptable to us); undefined when it does not. Constraints of the anchor count too, as with path lengths and names; the
 * policies that it names do not. A constraint counts whether it is critical or not, and one that cannot be read
 * refuses.
 */
export function policyOffence(chain: readonly PathNode[]): string | undefined {
  let state: PolicyState = {
    expected: new Set([ANY_POLICY]),
    explicitPolicy: Infinity,
    policyMapping: Infinity,
    inhibitAnyPolicy: Infinity,
    requiredBy: undefined,
  };
  for (const [index, node] of [...chain.entries()].toReversed()) {
    const said = readPolicies(node.certificate);
    if (typeof said === 'string') return `${nodeText(node)}: ${said}`;
    const valid = validPolicies(state, node, said, index === 0);
    if (index === 0) state = atTheEnd(state, node, said);
    if (state.explicitPolicy === 0 && valid.size === 0) return unmet(state, node, said);
    state = forTheNext(state, node, said, valid);
  }
  return undefined;
}

function readPolicies(certificate: Certificate): PolicyExtensions | string {
  try {
    return policyExtensionsOf(certificate);
  } catch (error) {
    if (error instanceof X509Error) return `an extension about policies that cannot be read (${error.message})`;
    throw error;
  }
}

// 6.1.3 (d) and (e)
function validPolicies(
  state: PolicyState,
  node: PathNode,
  { policies }: PolicyExtensions,
  isLast: boolean,
): Set<string> {
  const { expected, inhibitAnyPolicy } = state;
  // RFC 5280 6.1 has no policies of an anchor
  if (node.role === 'anchor') return new Set(expected);
  if (policies === undefined) return new Set();
  const named = [...policies].filter(
    (policy) => policy !== ANY_POLICY && (expected.has(ANY_POLICY) || expected.has(policy)),
  );
  const anyCounts = inhibitAnyPolicy > 0 || (!isLast && node.certificate.selfIssued);
  return new Set(policies.has(ANY_POLICY) && anyCounts ? [...named, ...expected] : named);
}

// 6.1.4 (b)
function mapped(valid: Set<string>, { mappings }: PolicyExtensions, isAllowed: boolean): Set<string> {
  const concerned = [...mappings].filter(([policy]) => valid.has(policy) || (isAllowed && valid.has(ANY_POLICY)));
  const expected = new Set(valid);
  for (const [policy] of concerned) expected.delete(policy);
  for (const [, subjects] of isAllowed ? concerned : []) for (const policy of subjects) expected.add(policy);
  return expected;
}

// 6.1.4 (h) to (j): certificates that renew an authority's own key are not counted
function forTheNext(state: PolicyState, node: PathNode, said: PolicyExtensions, valid: Set<string>): PolicyState {
  const counted = (left: number) => (node.certificate.selfIssued ? left : Math.max(left - 1, 0));
  const bounded = (left: number, limit = Infinity) => Math.min(counted(left), limit);
  const explicitPolicy = bounded(state.explicitPolicy, said.requireExplicitPolicy);
  return {
    expected: mapped(valid, said, state.policyMapping > 0),
    explicitPolicy,
    policyMapping: bounded(state.policyMapping, said.inhibitPolicyMapping),
    inhibitAnyPolicy: bounded(state.inhibitAnyPolicy, said.inhibitAnyPolicy),
    requiredBy: explicitPolicy < counted(state.explicitPolicy) ? node : state.requiredBy,
  };
}

// 6.1.5 (a) and (b): here a certificate counts even if it is self-issued
function atTheEnd(state: PolicyState, node: PathNode, { requireExplicitPolicy }: PolicyExtensions): PolicyState {
  if (requireExplicitPolicy === 0) return { ...state, explicitPolicy: 0, requiredBy: node };
  return { ...state, explicitPolicy: Math.max(state.explicitPolicy - 1, 0) };
}

function unmet({ requiredBy }: PolicyState, node: PathNode, { policies }: PolicyExtensions): string {
  const named = policies === undefined ? 'no certificate policy' : `certificate policies ${listed(policies)}`;
  const required = requiredBy === undefined ? '' : `, and ${nodeText(requiredBy)} requires one`;
  return `${nodeText(node)}: ${named}; none that all authorities above it allow${required}`;
}

function listed(policies: ReadonlySet<string>): string {
  const shown = [...policies].slice(0, 5).join(', ');
  return policies.size > 5 ? `${shown}, …` : shown;
}
