import {
  certificateIssuer,
  distributionPoints,
  issuingDistributionPoint,
  mintCertificate,
  mintCrl,
  type IssuingPointOptions,
  type Minted,
  type PointOptions,
  type CrlOptions,
} from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { judgePath, parseCrl, type RevocationMode } from './index.js';

// Compared with `openssl verify -crl_check -extended_crl` 3.0, which differs thrice: it passes over a list for other
// certificates that names this one, it does not know the issuer's own name as a point, and it reads relative names.

const NOW = new Date('2026-06-15T12:00:00Z');
const day = (date: string) => new Date(`${date}T00:00:00Z`);
const VALID = { notBefore: day('2026-01-01'), notAfter: day('2027-01-01') };
const CURRENT = { thisUpdate: day('2026-06-15'), nextUpdate: day('2026-06-16') };

const OURS = { uri: 'http://ca.example/users.crl' };
const OTHERS = { uri: 'http://ca.example/others.crl' };
const CA = 'CN=Issuing CA';
const KEY_REASONS = [1, 2];
const OTHER_REASONS = [3, 4, 5, 6, 7, 8];

let root: Minted;
let leaves: Map<string, Minted>;
beforeAll(async () => {
  root = await mintCertificate({ subject: CA, authority: true, ...VALID });
  const points: Record<string, (PointOptions & { crlIssuer?: string })[] | undefined> = {
    plain: undefined,
    pointed: [{ names: [OURS] }],
    'two ways': [{ names: [{ uri: 'ldap://ca.example/cn=x' }, OURS] }],
    'by reason': [
      { names: [OURS], reasons: KEY_REASONS },
      { names: [OTHERS], reasons: OTHER_REASONS },
    ],
    'of another': [{ names: [OURS], crlIssuer: 'CN=List Issuer' }],
    'of its issuer': [{ crlIssuer: CA }],
    relative: [{ relative: 'CN=part 1' }],
  };
  const made = Object.entries(points).map(async ([name, given]): Promise<[string, Minted]> => {
    const extensions = given ? [distributionPoints(...given)] : [];
    return [name, await mintCertificate({ subject: 'CN=client', issuer: root, ...VALID, extensions })];
  });
  leaves = new Map(await Promise.all(made));
});

interface List extends Partial<CrlOptions> {
  point?: IssuingPointOptions;
}
const list = ({ point, ...said }: List = {}) =>
  mintCrl({
    issuer: root,
    ...CURRENT,
    ...said,
    extensions: [...(point ? [issuingDistributionPoint(point)] : []), ...(said.extensions ?? [])],
  });
const naming = ({ serial }: Minted, reason?: number) => ({ revoked: [{ serial, date: day('2026-06-10'), reason }] });

function verdict(leaf: Minted, lists: Buffer[], crlMode: RevocationMode) {
  const [parsed, anchor] = [leaf, root].map(({ der }) => parseCertificate(der));
  const crls = lists.map((der) => parseCrl(der));
  return judgePath({ leaf: parsed!, intermediates: [], anchors: [anchor!], crls, crlMode, now: NOW });
}

/** `good`, or what `require` refuses for; `soft` must do the same for what is revoked, and nothing else. */
function statusOf(leaf: Minted, lists: Buffer[]): string {
  const { checks, valid } = verdict(leaf, lists, 'require');
  const failed = checks
    .filter(({ result }) => result === 'fail')
    .map(({ id }) => id.replace('path_crl_', '').replace('path_', ''));
  expect(valid).toBe(failed.length === 0);
  expect(verdict(leaf, lists, 'soft').valid).toBe(!failed.includes('revoked'));
  return failed.join() || 'good';
}

describe('A39: a list that names a certificate revokes it, whatever its scope', () => {
  it.each<[string, IssuingPointOptions]>([
    ['the very point of the certificate', { names: [OURS] }],
    ['another point', { names: [OTHERS] }],
    ['a relative name', { relative: 'CN=part 1' }],
    ['users only', { only: 'users' }],
    ['authorities only', { only: 'authorities' }],
    ['some reasons', { reasons: KEY_REASONS }],
    ['an indirect list', { indirect: true }],
    ['a scope that is not critical', { names: [OTHERS], critical: false }],
  ])('%s', (_, point) => {
    const leaf = leaves.get('pointed')!;
    expect(statusOf(leaf, [list({ point, ...naming(leaf, 4) })])).toBe('revoked');
    expect(statusOf(leaf, [list({ point, ...naming(leaf, 8) })])).not.toBe('revoked');
  });

  it('not one of attribute certificates, which have numbers of their own', () => {
    const leaf = leaves.get('plain')!;
    expect(statusOf(leaf, [list({ point: { only: 'attributes' }, ...naming(leaf) })])).toBe('missing');
  });

  it('not for a certificate of another authority in an indirect list', () => {
    const leaf = leaves.get('plain')!;
    const entry = (extensions: ReturnType<typeof certificateIssuer>[], { serial } = leaf) => ({ serial, extensions });
    const other = { serial: '0777' };
    const indirect = (...revoked: ReturnType<typeof entry>[]) => [list({ point: { indirect: true }, revoked })];
    expect(statusOf(leaf, indirect(entry([])))).toBe('revoked');
    expect(statusOf(leaf, indirect(entry([certificateIssuer('CN=Other CA')])))).toBe('good');
    // RFC 5280 5.3.3: the issuer of an entry stands for those that follow
    const others = entry([certificateIssuer('CN=Other CA')], { ...leaf, ...other });
    expect(statusOf(leaf, indirect(others, entry([])))).toBe('good');
    expect(statusOf(leaf, indirect(others, entry([certificateIssuer(CA)])))).toBe('revoked');
  });
});

describe('A39: a list that does not name a certificate says that it is good, where it is about it', () => {
  it.each<[string, string, IssuingPointOptions | undefined, string]>([
    ['plain', 'all certificates', undefined, 'good'],
    ['pointed', 'all certificates', undefined, 'good'],
    ['pointed', 'its point', { names: [OURS] }, 'good'],
    ['pointed', 'its point among others', { names: [OTHERS, OURS] }, 'good'],
    ['two ways', 'one of its two points', { names: [OURS] }, 'good'],
    ['pointed', 'its point, users only', { names: [OURS], only: 'users' }, 'good'],
    ['pointed', 'its point, authorities only', { names: [OURS], only: 'authorities' }, 'missing'],
    ['pointed', 'another point', { names: [OTHERS] }, 'missing'],
    ['pointed', 'the name of its issuer', { names: [{ dn: 'cn=issuing ca' }] }, 'good'],
    ['plain', 'the name of its issuer', { names: [{ dn: CA }] }, 'good'],
    ['plain', 'a point, where the certificate names none', { names: [OURS] }, 'missing'],
    ['plain', 'users only', { only: 'users' }, 'good'],
    ['plain', 'authorities only', { only: 'authorities' }, 'missing'],
    ['pointed', 'its point, for some reasons', { names: [OURS], reasons: KEY_REASONS }, 'missing'],
    ['pointed', 'its point, for every reason', { names: [OURS], reasons: [...KEY_REASONS, ...OTHER_REASONS] }, 'good'],
    ['by reason', 'its point for some reasons alone', { names: [OURS] }, 'missing'],
    ['of another', 'its point, where another authority signs', { names: [OURS] }, 'missing'],
    ['of another', 'all certificates', undefined, 'good'],
    ['of its issuer', 'an indirect list of its issuer', { indirect: true, names: [{ dn: CA }] }, 'good'],
    ['pointed', 'an indirect list for its point', { indirect: true, names: [OURS] }, 'good'],
    // understood by few, this library included: unknown
    ['relative', 'a relative name', { relative: 'CN=part 1' }, 'missing'],
  ])('a certificate that is %s, a list of %s', (name, _, point, expected) => {
    expect(statusOf(leaves.get(name)!, [list(point ? { point } : {})])).toBe(expected);
  });

  it('of an authority: not a list of users', async () => {
    const authority = await mintCertificate({ subject: 'CN=Sub', issuer: root, authority: true, ...VALID });
    const leaf = await mintCertificate({ subject: 'CN=client', issuer: authority, ...VALID });
    const [parsed, sub, anchor] = [leaf, authority, root].map(({ der }) => parseCertificate(der));
    const below = mintCrl({ issuer: authority, ...CURRENT });
    const judged = (point: IssuingPointOptions) => {
      const crls = [below, list({ point })].map((der) => parseCrl(der));
      return judgePath({ leaf: parsed!, intermediates: [sub!], anchors: [anchor!], crls, now: NOW }).valid;
    };
    expect(judged({ only: 'authorities' })).toBe(true);
    expect(judged({ only: 'users' })).toBe(false);
  });
});

describe('A39: several lists of one authority', () => {
  const reasoned = (reasons: number[], said: List = {}) => list({ point: { reasons }, ...said });

  it('cover together every reason, and last as long as the one that ends first', () => {
    const leaf = leaves.get('plain')!;
    const sooner = { nextUpdate: new Date('2026-06-15T18:00:00Z') };
    const both = [reasoned(KEY_REASONS), reasoned(OTHER_REASONS, sooner)];
    expect(statusOf(leaf, both)).toBe('good');
    expect(verdict(leaf, both, 'require').validUntil).toEqual(sooner.nextUpdate);
    const stale = { thisUpdate: day('2026-06-01'), nextUpdate: day('2026-06-02') };
    expect(statusOf(leaf, [reasoned(KEY_REASONS), reasoned(OTHER_REASONS, stale)])).toBe('stale');
    expect(statusOf(leaf, [reasoned(KEY_REASONS), reasoned(OTHER_REASONS.slice(1))])).toBe('missing');
  });

  it('by points and reasons of the certificate', () => {
    const leaf = leaves.get('by reason')!;
    const [ours, others] = [list({ point: { names: [OURS] } }), list({ point: { names: [OTHERS] } })];
    expect(statusOf(leaf, [ours, others])).toBe('good');
    expect(statusOf(leaf, [ours])).toBe('missing');
  });

  it('of one scope the newest decides, of another scope an older one still revokes', () => {
    const leaf = leaves.get('pointed')!;
    const earlier = { thisUpdate: day('2026-06-14'), nextUpdate: day('2026-06-17') };
    const ours = { point: { names: [OURS] } };
    const released = [list({ ...ours, ...earlier, ...naming(leaf, 6) }), list({ ...ours, number: 2 })];
    expect(statusOf(leaf, released)).toBe('good');
    const elsewhere = list({ point: { names: [OTHERS] }, number: 2 });
    expect(statusOf(leaf, [list({ ...ours, ...earlier, ...naming(leaf) }), elsewhere])).toBe('revoked');
    // a later whole list says more than an earlier part
    expect(statusOf(leaf, [list({ ...ours, ...earlier, ...naming(leaf, 6) }), list({ number: 2 })])).toBe('good');
  });
});
