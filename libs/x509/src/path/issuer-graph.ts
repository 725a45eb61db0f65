import type { Certificate } from '../certificate/certificate.js';
import { foldedDistinguishedName } from '../names/folded-distinguished-name.js';
import { authorityIdentity } from './authority-identity.js';
import { isIssuedBy } from './is-issued-by.js';
import { namesKeyOf } from './key-identifiers.js';

/** Far above any real set of intermediates; a verification takes up to a millisecond. */
const MOST_SIGNATURES = 512;
/** Pairs of a certificate and one that bears its issuer's name. */
const MOST_LINKS = 20_000;

export interface PathNode {
  certificate: Certificate;
  role: 'leaf' | 'intermediate' | 'anchor';
  /** certificates that share it are of one authority, so no path needs two of them */
  entity: string;
  /** those whose name and key signed this certificate, nearest to an anchor first; none for an anchor, where every path ends */
  issuers: PathNode[];
  /** those that bear the issuer's name, and did not sign */
  namesakes: Certificate[];
  /** signatures between this certificate and the nearest anchor; Infinity: none is reached */
  distance: number;
}

export interface IssuerGraph {
  leaf: PathNode;
  /** true: there were more signatures to verify than are worth it, and some were not */
  exhausted: boolean;
}

interface Link {
  subject: PathNode;
  issuer: PathNode;
  doubt: number;
}

export interface IssuerGraphOptions {
  leaf: Certificate;
  /** `authority`: the first certificate is held to what an issuer is held to */
  purpose?: 'client' | 'authority';
  intermediates: readonly Certificate[];
  anchors: readonly Certificate[];
}

/**
 * Everything above the leaf that is connected by names and verified signatures. Each certificate is visited once and
 * each signature verified once per key, so that cycles and cross-signing cost nothing extra.
 * Does not check: anything else a certificate says.
 */
export function issuerGraph(options: IssuerGraphOptions): IssuerGraph {
  const leaf = pathNode(options.leaf, options.purpose === 'authority' ? 'intermediate' : 'leaf');
  const candidates = candidatesByName(options);
  const signatures = new SignatureBudget();
  const links = new LinkQueue();
  const nodes = [leaf];
  const reached = new Set(nodes);
  links.add(linksAbove(leaf, candidates));
  for (let link = links.next(); link !== undefined; link = links.next()) {
    const { subject, issuer } = link;
    const signed = signatures.isSignedBy(subject.certificate, issuer.certificate);
    if (signed === false) subject.namesakes.push(issuer.certificate);
    if (signed !== true) continue;
    subject.issuers.push(issuer);
    if (reached.has(issuer)) continue;
    reached.add(issuer);
    nodes.push(issuer);
    links.add(linksAbove(issuer, candidates));
  }
  measureDistances(nodes);
  for (const node of nodes) node.issuers.sort(nearestFirst);
  return { leaf, exhausted: signatures.exhausted || links.exhausted };
}

/** Likely links first, of everything that was reached: so that the right ones are found before the budget is spent. */
class LinkQueue {
  exhausted = false;
  private readonly likely: Link[] = [];
  private readonly unlikely: Link[] = [];
  private added = 0;

  add(links: Link[]): void {
    const room = MOST_LINKS - this.added;
    if (links.length > room) this.exhausted = true;
    this.added += links.length;
    for (const link of links.slice(0, Math.max(room, 0))) (link.doubt === 0 ? this.likely : this.unlikely).push(link);
  }

  next(): Link | undefined {
    return this.likely.shift() ?? this.unlikely.shift();
  }
}

class SignatureBudget {
  exhausted = false;
  private readonly verified = new Map<string, boolean>();

  /** undefined: was not looked at */
  isSignedBy(subject: Certificate, issuer: Certificate): boolean | undefined {
    const key = `${subject.sha256} ${issuer.spkiSha256}`;
    const known = this.verified.get(key);
    if (known !== undefined) return known;
    if (this.verified.size >= MOST_SIGNATURES) {
      this.exhausted = true;
      return undefined;
    }
    const signed = isIssuedBy(subject, issuer);
    this.verified.set(key, signed);
    return signed;
  }
}

function candidatesByName({ leaf, intermediates, anchors }: IssuerGraphOptions): Map<string, PathNode[]> {
  const bySha256 = new Map<string, PathNode>();
  for (const certificate of anchors) bySha256.set(certificate.sha256, pathNode(certificate, 'anchor'));
  for (const certificate of intermediates) {
    if (!bySha256.has(certificate.sha256)) bySha256.set(certificate.sha256, pathNode(certificate, 'intermediate'));
  }
  // a leaf is nobody's issuer, and vouches least of all for itself
  bySha256.delete(leaf.sha256);
  const byName = new Map<string, PathNode[]>();
  for (const node of bySha256.values()) {
    const name = foldedDistinguishedName(node.certificate.subject);
    const namesakes = byName.get(name);
    if (namesakes === undefined) byName.set(name, [node]);
    else namesakes.push(node);
  }
  // RFC 5280 4.1.2.6: an authority has a name
  byName.delete('');
  return byName;
}

function linksAbove(subject: PathNode, candidates: Map<string, PathNode[]>): Link[] {
  if (subject.role === 'anchor') return [];
  const named = candidates.get(foldedDistinguishedName(subject.certificate.issuer)) ?? [];
  // no path needs an authority twice: what certifies its own name and key leads nowhere
  const links = named.filter(({ entity }) => entity !== subject.entity).slice(0, MOST_LINKS + 1);
  return links
    .map((issuer) => ({ subject, issuer, doubt: doubtOf(subject, issuer) }))
    .sort((a, b) => a.doubt - b.doubt);
}

// anchors are few; of the rest, those come first whose key identifier fits, and last those whose does not
function doubtOf(subject: PathNode, issuer: PathNode): number {
  const fits = namesKeyOf(subject.certificate, issuer.certificate);
  if (issuer.role === 'anchor' || fits === true) return 0;
  return fits === undefined ? 1 : 2;
}

function measureDistances(nodes: PathNode[]): void {
  const subjects = new Map<PathNode, PathNode[]>(nodes.map((node) => [node, []]));
  for (const node of nodes) for (const issuer of node.issuers) subjects.get(issuer)!.push(node);
  const measured = nodes.filter(({ role }) => role === 'anchor');
  for (const anchor of measured) anchor.distance = 0;
  for (const node of measured) {
    for (const subject of subjects.get(node)!) {
      if (subject.distance !== Infinity) continue;
      subject.distance = node.distance + 1;
      measured.push(subject);
    }
  }
}

function nearestFirst(a: PathNode, b: PathNode): number {
  if (a.distance !== b.distance) return a.distance < b.distance ? -1 : 1;
  return b.certificate.notAfter.getTime() - a.certificate.notAfter.getTime();
}

function pathNode(certificate: Certificate, role: PathNode['role']): PathNode {
  return { certificate, role, entity: authorityIdentity(certificate), issuers: [], namesakes: [], distance: Infinity };
}
