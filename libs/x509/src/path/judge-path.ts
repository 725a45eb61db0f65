import type { Certificate } from '../certificate/certificate.js';
import type { CertificateCheck } from '../leaf-checks/certificate-check.js';
import type { Crl } from '../revocation/crl.js';
import { candidatePaths, shortestPath, unanchoredChain } from './candidate-paths.js';
import { isSound } from './certificate-rules.js';
import { issuerGraph, type IssuerGraph, type PathNode } from './issuer-graph.js';
import { pathChecks } from './path-checks.js';
import { endingChecks } from './path-ending.js';
import { revocationChecks, type RevocationMode, type RevocationPolicy } from './revocation-checks.js';
import { revocationState, type RevocationState } from './revocation-state.js';

/** Sound candidates differ in path lengths, name constraints and policies alone; unsound ones only explain a refusal. */
const MOST_JUDGED = 64;

export interface PathOptions {
  leaf: Certificate;
  /** whatever there is: those that do not belong are passed over */
  intermediates: readonly Certificate[];
  /** roots or intermediates, each trusted for its key: a path ends at the first one it reaches */
  anchors: readonly Certificate[];
  crls?: readonly Crl[];
  /** default: `require` when `crls` is given, however empty; `off` when it is not */
  crlMode?: RevocationMode;
  now: Date;
  /** default `client`; `authority`: whether the first certificate may issue others, or sign lists, below an anchor */
  purpose?: 'client' | 'authority';
}

export interface PathVerdict {
  valid: boolean;
  /** every check of the path the verdict is about, passed ones included; ids begin with `path_` */
  checks: CertificateCheck[];
  /** leaf first, anchor last; of a refused path as far as it goes */
  chain: Certificate[];
  /** valid paths only: the earliest notAfter, and nextUpdate of the lists that `require` needs, both still included */
  validUntil?: Date;
  /** valid paths only */
  anchor?: Certificate;
}

interface JudgedPath {
  chain: PathNode[];
  checks: CertificateCheck[];
  failures: number;
}

/**
 * Looks for a path from the leaf to one of the anchors that keeps every rule of RFC 5280 section 6 read here; any valid
 * one will do. A refusal is about the path with the fewest failed checks. Work is bounded whatever the input.
 * Throws TypeError when `now` is an invalid date.
 * Does not check: which certificate policies a path is valid for (any is acceptable), delta lists and lists of another
 * authority than the issuer (not used), OCSP, and whose certificate the leaf is.
 */
export function judgePath(options: PathOptions): PathVerdict {
  if (Number.isNaN(options.now.getTime())) throw new TypeError('now is no date');
  const graph = issuerGraph(options);
  const policy = revocationPolicy(options);
  const judge = (chain: PathNode[]) => judged(chain, options, policy);
  const sound = soundPath(graph.leaf, options.now, policy, judge);
  if (sound.path !== undefined) return accepted(sound.path, policy);
  const explained = leastFailing(graph, judge);
  const checks = [...explained.checks, ...(graph.exhausted || sound.exhausted ? [searchLimitCheck()] : [])];
  return { valid: false, checks, chain: explained.chain.map(({ certificate }) => certificate) };
}

function soundPath(leaf: PathNode, now: Date, policy: RevocationPolicy, judge: (chain: PathNode[]) => JudgedPath) {
  if (!isSound(leaf, now)) return { path: undefined, exhausted: false };
  const isUsable = (subject: PathNode, issuer: PathNode) =>
    isSound(issuer, now) && !isRefused(policy.mode, () => policy.stateOf(subject, issuer));
  const search = candidatePaths({ leaf, isUsable });
  for (let count = 0; count < MOST_JUDGED; count++) {
    const { done, value } = search.next();
    if (done) return { path: undefined, exhausted: value.exhausted };
    const path = judge(value);
    if (path.failures === 0) return { path, exhausted: false };
  }
  return { path: undefined, exhausted: true };
}

function leastFailing(graph: IssuerGraph, judge: (chain: PathNode[]) => JudgedPath): JudgedPath {
  const shortest = shortestPath(graph.leaf);
  if (shortest === undefined) return judge(unanchoredChain(graph.leaf));
  let best = judge(shortest);
  const search = candidatePaths({ leaf: graph.leaf, isUsable: () => true });
  for (let count = 0; count < MOST_JUDGED; count++) {
    const { done, value } = search.next();
    if (done) break;
    const path = judge(value);
    if (path.failures < best.failures) best = path;
  }
  return best;
}

function judged(chain: PathNode[], { anchors, now }: PathOptions, policy: RevocationPolicy): JudgedPath {
  const checks = [...endingChecks(chain, anchors), ...pathChecks(chain, now), ...revocationChecks(chain, policy)];
  return { chain, checks, failures: checks.filter(({ result }) => result === 'fail').length };
}

function accepted({ chain, checks }: JudgedPath, policy: RevocationPolicy): PathVerdict {
  const ends = chain.map(({ certificate }) => certificate.notAfter.getTime());
  if (policy.mode === 'require') {
    for (const [index, node] of chain.slice(0, -1).entries()) {
      const state = policy.stateOf(node, chain[index + 1]!);
      if (state.kind === 'good') ends.push(state.nextUpdate.getTime());
    }
  }
  const certificates = chain.map(({ certificate }) => certificate);
  return {
    valid: true,
    checks,
    chain: certificates,
    validUntil: new Date(Math.min(...ends)),
    anchor: certificates.at(-1)!,
  };
}

function revocationPolicy({ crls, crlMode, now }: PathOptions): RevocationPolicy {
  const states = new Map<string, RevocationState>();
  const stateOf = ({ certificate: subject }: PathNode, { certificate: issuer }: PathNode) => {
    const key = `${subject.sha256} ${issuer.sha256}`;
    const state = states.get(key) ?? revocationState(subject, issuer, crls ?? [], now);
    states.set(key, state);
    return state;
  };
  return { mode: crlMode ?? (crls === undefined ? 'off' : 'require'), stateOf };
}

function isRefused(mode: RevocationMode, state: () => RevocationState): boolean {
  if (mode === 'off') return false;
  const { kind } = state();
  return kind === 'revoked' || (mode === 'require' && kind !== 'good');
}

function searchLimitCheck(): CertificateCheck {
  return {
    id: 'path_search_limit',
    result: 'fail',
    observed: 'so many certificates and crossed signatures that not every path was looked at',
    expected: 'intermediates of this client alone',
    hint: 'Give the intermediates between this leaf and its anchor, and no others.',
  };
}
