import { createAuthority, type Authority, type Issued } from '@partner-ecosystem/test-pki';
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

  it('over plain HTTP there is no certificate', async () => {
    const listening = await listenWith(tlsSocket());
    expect(await ask({ port: listening.port })).toMatchObject({ status: 200, thumbprint: null });
    await listening.close();
  });
});
