import { afterEach, describe, expect, it, vi } from 'vitest';
import { mintCertificate, mintCrl, opensslVerify, type Minted } from './index.js';

afterEach(() => vi.unstubAllEnvs());

describe('openssl', () => {
  it('accepts a client below an anchor, and says why it does not', async () => {
    const root = await mintCertificate({ subject: 'CN=Root', authority: true });
    const client = await mintCertificate({ subject: 'CN=client', issuer: root });
    const server = await mintCertificate({ subject: 'CN=server', issuer: root, extendedKeyUsage: ['serverAuth'] });
    expect(await verify(client, root)).toEqual({ accepted: true, reason: 'OK' });
    expect(await verify(client, client)).toEqual({ accepted: true, reason: 'OK' });
    expect(await verify(client, server)).toMatchObject({
      accepted: false,
      reason: expect.stringMatching(/^error 20 /),
    });
    expect(await verify(server, root)).toMatchObject({ accepted: false, reason: expect.stringMatching(/^error 26 /) });
  });

  it('looks at CRLs when asked', async () => {
    const root = await mintCertificate({ subject: 'CN=Root', authority: true });
    const client = await mintCertificate({ subject: 'CN=client', issuer: root });
    const crls = [mintCrl({ issuer: root, revoked: [{ serial: client.serial }] })];
    expect(await verify(client, root, { crls })).toMatchObject({ accepted: true });
    expect(await verify(client, root, { crls, revocation: 'leaf' })).toMatchObject({ accepted: false });
  });

  it('is needed: without it there is an error, and no verdict', async () => {
    const root = await mintCertificate({ subject: 'CN=Root', authority: true });
    vi.stubEnv('PATH', '/nowhere');
    await expect(verify(root, root)).rejects.toThrow('The openssl command is not installed');
  });
});

function verify(leaf: Minted, anchor: Minted, more: Partial<Parameters<typeof opensslVerify>[0]> = {}) {
  return opensslVerify({ leaf: leaf.der, intermediates: [], anchors: [anchor.der], now: new Date(), ...more });
}
