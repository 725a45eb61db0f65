import type { PathNode } from './issuer-graph.js';

/** Leaf and anchor included. Real paths have three or four. */
export const LONGEST_PATH = 10;
const MOST_STEPS = 5000;

export interface PathSearch {
  leaf: PathNode;
  /** whether this link may be part of a path at all */
  isUsable: (subject: PathNode, issuer: PathNode) => boolean;
}

/** What a search found out about itself. */
export interface PathSearchEnd {
  /** true: there are paths that were not looked at */
  exhausted: boolean;
}

/**
 * The paths from the leaf to an anchor, shorter ones first at every fork, each with an authority at most once. Crossed
 * signatures can make exponentially many: after a fixed number of steps the rest is left, and the end says so.
 */
export function* candidatePaths({ leaf, isUsable }: PathSearch): Generator<PathNode[], PathSearchEnd> {
  let steps = 0;
  function* from(path: PathNode[]): Generator<PathNode[]> {
    const last = path.at(-1)!;
    if (last.role === 'anchor') yield path;
    const room = LONGEST_PATH - path.length - 1;
    for (const issuer of last.issuers) {
      if (issuer.distance > room || path.some(({ entity }) => entity === issuer.entity)) continue;
      if (++steps > MOST_STEPS) return;
      if (isUsable(last, issuer)) yield* from([...path, issuer]);
    }
  }
  yield* from([leaf]);
  return { exhausted: steps > MOST_STEPS };
}

/** The shortest path, however long; undefined when no anchor is reached. */
export function shortestPath(leaf: PathNode): PathNode[] | undefined {
  if (leaf.distance === Infinity) return undefined;
  const path = [leaf];
  for (let node = leaf; node.role !== 'anchor';) {
    node = node.issuers[0]!;
    path.push(node);
  }
  return path;
}

/** Up to the certificate farthest from the leaf, or to a root, where no anchor is reached. */
export function unanchoredChain(leaf: PathNode): PathNode[] {
  const subjects = new Map<PathNode, PathNode | undefined>([[leaf, undefined]]);
  for (const subject of subjects.keys()) {
    for (const issuer of subject.issuers) if (!subjects.has(issuer)) subjects.set(issuer, subject);
  }
  const tops = [...subjects.keys()];
  const root = tops.findLast(({ certificate, issuers }) => certificate.selfIssued && issuers.length === 0);
  const chain: PathNode[] = [];
  for (let node = root ?? tops.at(-1); node !== undefined; node = subjects.get(node)) chain.unshift(node);
  return chain;
}
