import type { PolicyStatement } from './policy-chain.testing.js';

const ANY = '2.5.29.32.0';

interface TreeNode {
  policy: string;
  expected: Set<string>;
  parent: TreeNode | undefined;
  children: TreeNode[];
}

/**
 * Whether RFC 5280 6.1 accepts a chain for its policies, anchor first and leaf last, by the valid_policy_tree of its
 * text: step by step, and exponential. The anchor's constraints count as those of an authority; its policies do not.
 */
export function isAcceptedByTree(statements: readonly PolicyStatement[]): boolean {
  const n = statements.length - 1;
  let level = [nodeOf(ANY, [ANY])];
  const left = { explicit: Infinity, mapping: Infinity, any: Infinity };
  for (const [i, said] of statements.entries()) {
    if (i > 0) level = childrenOf(level, said.policies, left.any > 0 || (i < n && said.selfIssued === true));
    if (left.explicit === 0 && level.length === 0) return false;
    if (i === n) break;
    level = mapped(level, said.mappings ?? [], left.mapping > 0);
    if (i > 0 && !said.selfIssued)
      for (const key of ['explicit', 'mapping', 'any'] as const) left[key] -= left[key] ? 1 : 0;
    left.explicit = Math.min(left.explicit, said.requireExplicitPolicy ?? Infinity);
    left.mapping = Math.min(left.mapping, said.inhibitPolicyMapping ?? Infinity);
    left.any = Math.min(left.any, said.inhibitAnyPolicy ?? Infinity);
  }
  left.explicit -= left.explicit ? 1 : 0;
  if (statements[n]!.requireExplicitPolicy === 0) left.explicit = 0;
  return left.explicit > 0 || level.length > 0;
}

function nodeOf(policy: string, expected: Iterable<string>, parent?: TreeNode): TreeNode {
  const node = { policy, expected: new Set(expected), parent, children: [] };
  parent?.children.push(node);
  return node;
}

// 6.1.3 (d) and (e)
function childrenOf(level: TreeNode[], policies: string[] | undefined, anyCounts: boolean): TreeNode[] {
  if (policies === undefined) return [];
  for (const policy of policies.filter((named) => named !== ANY)) {
    const parents = level.filter(({ expected }) => expected.has(policy));
    for (const parent of parents) nodeOf(policy, [policy], parent);
    const any = level.find((node) => node.policy === ANY);
    if (parents.length === 0 && any !== undefined) nodeOf(policy, [policy], any);
  }
  if (policies.includes(ANY) && anyCounts) {
    for (const parent of level) {
      const had = new Set(parent.children.map(({ policy }) => policy));
      for (const policy of parent.expected) if (!had.has(policy)) nodeOf(policy, [policy], parent);
    }
  }
  return level.flatMap(({ children }) => children);
}

// 6.1.4 (b)
function mapped(level: TreeNode[], mappings: [string, string][], isAllowed: boolean): TreeNode[] {
  const issuers = new Set(mappings.map(([policy]) => policy));
  if (!isAllowed) return level.filter(({ policy }) => !issuers.has(policy));
  const added = [...issuers].flatMap((policy) => {
    const subjects = new Set(mappings.filter(([from]) => from === policy).map(([, to]) => to));
    const nodes = level.filter((node) => node.policy === policy);
    for (const node of nodes) node.expected = subjects;
    const any = level.find((node) => node.policy === ANY);
    return nodes.length === 0 && any !== undefined ? [nodeOf(policy, subjects, any.parent)] : [];
  });
  return [...level, ...added];
}
