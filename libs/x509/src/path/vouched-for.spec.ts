import { mintCertificate, type Minted, type MintOptions } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { vouchedFor } from './index.js';

let root: Minted;
const authority = (subject: string, issuer?: Minted, said: Partial<MintOptions> = {}) =>
  mintCertificate({ subject, authority: true, ...(issuer && { issuer }), ...said });
const vouched = (sent: Minted[], known = [root]) => {
  const parsed = (list: Minted[]) => list.map(({ der }) => parseCertificate(der));
  return vouchedFor(parsed(sent), parsed(known)).map(({ subject }) => subject.text);
};

beforeAll(async () => {
  root = await authority('CN=Root');
});

describe('A44: of what a stranger sent', () => {
  it('that is taken which a known authority has signed, or one that it has', async () => {
    const upper = await authority('CN=Upper', root);
    const lower = await authority('CN=Lower', upper);
    expect(vouched([upper])).toEqual(['CN=Upper']);
    expect(vouched([lower])).toEqual([]);
    for (const order of [
      [upper, lower],
      [lower, upper],
    ])
      expect(vouched(order)).toEqual(['CN=Upper', 'CN=Lower']);
    expect(vouched([lower], [root, upper])).toEqual(['CN=Lower']);
    expect(vouched([upper, lower], [])).toEqual([]);
  });

  it('nothing of an authority of the same name, of a forger, or of one who is no authority', async () => {
    const namesake = await authority('CN=Root');
    const client = await mintCertificate({ subject: 'CN=client', issuer: root });
    expect(vouched([await authority('CN=A', namesake), namesake])).toEqual([]);
    expect(vouched([await authority('CN=B', root, { forged: true })])).toEqual([]);
    expect(vouched([client, await authority('CN=C', client)])).toEqual(['CN=client']);
  });
});
