import { createHash } from 'node:crypto';
import {
  createAuthority,
  mintCertificate,
  type Authority,
  type Issued,
  type Minted,
} from '@partner-ecosystem/test-pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, listenWith, type Listening, type RawHeaders } from './ask.testing.js';
import { behavesAsCertificateSource, FORGEABLE } from './conformance.testing.js';
import { HEADER_FORMATS } from './header-formats.testing.js';
import { tlsSocket } from './tls-socket.js';

describe('tlsSocket()', () => {
  behavesAsCertificateSource(async (authority) => {
    const identity = await authority.issueServer({ names: ['localhost'] });
    const listening = await listenWith(tlsSocket(), { identity });
    return {
      ask: (as, headers: RawHeaders = []) =>
        ask({ port: listening.port, tls: { ca: authority.bundlePem, as: as ?? undefined }, headers }),
      oneConnection: false,
      expects: [],
      close: () => listening.close(),
    };
  });

  describe('and certificate headers', () => {
    let authority: Authority;
    let alice: Issued;
    let listening: Listening;

    beforeAll(async () => {
      authority = await createAuthority({ name: 'Partners' });
      alice = await authority.issueClient({ subject: 'CN=alice' });
      const identity = await authority.issueServer({ names: ['localhost'] });
      listening = await listenWith(tlsSocket(), { identity });
    });

    afterAll(() => listening.close());

    it.each(HEADER_FORMATS)('T7: does not believe what $name reads, it refuses', async ({ header, encode }) => {
      const tls = { ca: authority.bundlePem };
      const said = await ask({ port: listening.port, tls, headers: [header.name, encode(alice)] });
      expect(said).toMatchObject({ status: 400, check: 'certificate_header_unexpected' });
    });

    it('T6: refuses the presence alone, of an empty one too, and names it in the log only', async () => {
      for (const name of FORGEABLE) {
        const said = await ask({
          port: listening.port,
          tls: { ca: authority.bundlePem, as: alice },
          headers: [name, ''],
        });
        expect(said).toMatchObject({ status: 400, check: 'certificate_header_unexpected' });
        expect(said.reason).toContain(name.toLowerCase());
        expect(said.publicText).not.toContain(name);
      }
    });
  });

  describe('and what a client sends along', () => {
    const thumbprint = ({ der }: { der: Buffer }) => createHash('sha256').update(der).digest('base64url');
    let listening: Listening;
    let server: Authority;

    beforeAll(async () => {
      server = await createAuthority({ name: 'Server' });
      listening = await listenWith(tlsSocket(), { identity: await server.issueServer({ names: ['localhost'] }) });
    });

    afterAll(() => listening.close());

    const presenting = async (certificates: Minted[]) => {
      const leaf = await mintCertificate({ subject: 'CN=client', issuer: certificates[0]! });
      const chainPem = [leaf, ...certificates].map(({ certificatePem }) => certificatePem).join('');
      const as = { ...leaf, chainPem };
      return { leaf, said: await ask({ port: listening.port, tls: { ca: server.bundlePem, as } }) };
    };
    const authorities = async (count: number) => {
      const made: Minted[] = [];
      for (let n = 0; n < count; n += 1) made.push(await mintCertificate({ subject: `CN=${n}`, authority: true }));
      return made;
    };

    it('A44: is told in the order in which it came, whether it belongs to the leaf or not', async () => {
      const three = await authorities(3);
      const { leaf, said } = await presenting(three);
      expect(said).toMatchObject({ thumbprint: thumbprint(leaf), along: three.map(thumbprint) });
    });

    it('A44: is cut off after eight', async () => {
      const ten = await authorities(10);
      const { leaf, said } = await presenting(ten);
      expect(said).toMatchObject({ thumbprint: thumbprint(leaf), along: ten.slice(0, 8).map(thumbprint) });
    });

    it('A44: is cut off after 64 KiB', async () => {
      const extensions = [{ oid: '1.3.6.1.4.1.55555.1', critical: false, value: Buffer.alloc(30_000, 1) }];
      const large = await mintCertificate({ subject: 'CN=large', authority: true, extensions });
      const { said } = await presenting([large, large, large]);
      expect(said.along).toEqual([thumbprint(large), thumbprint(large)]);
    });
  });

  it('over plain HTTP there is no certificate', async () => {
    const listening = await listenWith(tlsSocket());
    expect(await ask({ port: listening.port })).toMatchObject({ status: 200, thumbprint: null });
    await listening.close();
  });
});
