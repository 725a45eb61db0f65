import { opensslVerify } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { list, NOW, PATH_REVOCATION, revoking, treeWith, type Tree } from './path-revocation.testing.js';

let tree: Tree;
beforeAll(async () => {
  tree = await treeWith({});
});

const verdictOf = ({ root, intermediate, leaf }: Tree, crls: Buffer[]) =>
  opensslVerify({
    leaf: leaf.der,
    intermediates: [intermediate.der],
    anchors: [root.der],
    now: NOW,
    crls,
    revocation: 'all',
  });

describe('openssl agrees about CRLs, or the table says why not', () => {
  it.each(PATH_REVOCATION)('$trait', async ({ lists, tree: make, fails, openssl }) => {
    const judged = make === undefined ? tree : await make();
    const verdict = await verdictOf(judged, [...lists(judged), list(judged.root)]);
    expect(verdict, openssl?.because).toMatchObject({ accepted: openssl?.accepted ?? fails.length === 0 });
  });

  it('an intermediate is asked about like the leaf', async () => {
    const sound = list(tree.intermediate);
    const revoked = [sound, list(tree.root, revoking(tree.intermediate, 2))];
    expect(await verdictOf(tree, revoked)).toMatchObject({ accepted: false });
    expect(await verdictOf(tree, [sound])).toMatchObject({ accepted: false });
  });
});
