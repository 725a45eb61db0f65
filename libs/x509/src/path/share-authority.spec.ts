import { mintCertificate, type Minted, type MintOptions } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { shareAuthority } from './index.js';

const authority = (subject: string, options: Partial<MintOptions> = {}) =>
  mintCertificate({ subject, authority: true, ...options });
const parsed = (certificates: Minted[]) => certificates.map(({ der }) => parseCertificate(der));
const shared = (one: Minted[], other: Minted[], known: Minted[] = []) => {
  const verdicts = [
    shareAuthority(parsed(one), parsed(other), parsed(known)),
    shareAuthority(parsed(other), parsed(one), parsed(known)),
  ];
  expect(new Set(verdicts).size).toBe(1);
  return verdicts[0];
};

let root: Minted;
let middle: Minted;
let lower: Minted;
let sibling: Minted;
let stranger: Minted;
beforeAll(async () => {
  [root, stranger] = await Promise.all([authority('CN=Root'), authority('CN=Stranger')]);
  [middle, sibling] = await Promise.all([
    authority('CN=Middle', { issuer: root }),
    authority('CN=Sibling', { issuer: root }),
  ]);
  lower = await authority('CN=Lower', { issuer: middle });
});

describe('A38: two sets of anchors share an authority', () => {
  it('when they have one in common, whichever certificate of it', async () => {
    expect(shared([root], [root])).toBe(true);
    expect(shared([stranger, root], [root])).toBe(true);
    expect(shared([root], [await authority('CN=ROOT', { keyOf: root })])).toBe(true);
    expect(shared([root], [stranger])).toBe(false);
    expect(shared([root], [await authority('CN=Root')])).toBe(false);
  });

  it('when one is below the other, over authorities that are known', () => {
    expect(shared([root], [middle])).toBe(true);
    expect(shared([root], [lower], [middle])).toBe(true);
    expect(shared([root], [lower])).toBe(false);
    expect(shared([middle], [sibling], [root, lower])).toBe(false);
  });

  it('when a third one is below both', async () => {
    const crossed = await authority('CN=Middle', { issuer: stranger, keyOf: middle });
    expect(shared([root], [stranger], [middle, crossed])).toBe(true);
    expect(shared([root], [stranger], [middle])).toBe(false);
  });

  it('not by a name alone, and not by what is no authority', async () => {
    const pretended = await authority('CN=Middle', { issuerName: 'CN=Root', issuer: stranger });
    expect(shared([root], [pretended])).toBe(false);
    const leaf = await mintCertificate({ subject: 'CN=leaf', issuer: root });
    const below = await authority('CN=Below', { issuer: leaf });
    expect(shared([root], [below], [leaf])).toBe(false);
  });

  it('when there is too much to tell', async () => {
    const many = await Promise.all(Array.from({ length: 60 }, () => authority('CN=Crowd', { issuerName: 'CN=Crowd' })));
    expect(shared(many.slice(0, 20), [stranger], many)).toBe(true);
    expect(shared(many.slice(0, 2), [stranger], many)).toBe(false);
  });
});
