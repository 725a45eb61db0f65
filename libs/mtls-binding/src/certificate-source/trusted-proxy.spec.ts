import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, selfSigned, type Authority, type Issued } from '@partner-ecosystem/test-pki';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { thumbprintOf } from '@partner-ecosystem/x509';
import { clientCert } from '../protocol/certificate-headers/client-cert.js';
import { ask, listenWith, type Listening, type RawHeaders } from './ask.testing.js';
import { behavesAsCertificateSource } from './conformance.testing.js';
import { HEADER_FORMATS } from './header-formats.testing.js';
import type { TrustedProxies } from './trusted-proxies.js';
import { trustedProxy } from './trusted-proxy.js';

describe.each(HEADER_FORMATS)('trustedProxy({ header: $name })', ({ name, header, encode }) => {
  behavesAsCertificateSource(async () => {
    const listening = await listenWith(trustedProxy({ header, proxies: 'loopback' }));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    return {
      ask: (as, headers: RawHeaders = []) =>
        ask({ port: listening.port, agent, headers: [...(as ? [header.name, encode(as)] : []), ...headers] }),
      oneConnection: true,
      expects: [header.name.toLowerCase(), ...header.companions],
      close: async () => {
        agent.destroy();
        await listening.close();
      },
    };
  });

  describe('and its own header', () => {
    let alice: Issued;
    let bob: Issued;
    let listening: Listening;

    beforeAll(async () => {
      const authority = await createAuthority({ name: 'Partners', intermediate: true });
      alice = await authority.issueClient({ subject: 'CN=alice' });
      bob = await authority.issueClient({ subject: 'CN=bob' });
      listening = await listenWith(trustedProxy({ header, proxies: 'loopback' }));
    });

    afterAll(() => listening.close());

    const said = (headers: RawHeaders) => ask({ port: listening.port, headers });
    const twin = header.name.replaceAll('-', '_');

    it('R5: says that a proxy vouches for it; upper and lower case are one name', async () => {
      for (const name of [header.name, header.name.toLowerCase(), header.name.toUpperCase()]) {
        expect(await said([name, encode(alice)])).toMatchObject({ thumbprint: alice.thumbprint, source: 'proxy' });
      }
    });

    // nginx and HAProxy write the leaf alone; clientCert() has a header of its own for the rest, below
    const tellsChain = ['envoyXfcc', 'traefikPem', 'awsAlb passthrough'].includes(name);

    it(`A44: tells ${tellsChain ? 'the intermediate that the proxy writes' : 'no intermediates'}`, async () => {
      const { along } = await said([header.name, encode(alice)]);
      const [, ...above] = alice.chainPem.split(/(?<=-----END CERTIFICATE-----\n)/);
      expect(above.length).toBe(1);
      expect(along).toEqual(tellsChain ? above.map((pem) => thumbprintOf(new X509Certificate(pem).raw)) : []);
    });

    it('R5, T6: two who alternate over one connection of the proxy are told apart, however often they were seen', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      try {
        for (let turn = 0; turn < 40; turn += 1) {
          const partner = turn % 2 === 0 ? alice : bob;
          const answer = await ask({ port: listening.port, agent, headers: [header.name, encode(partner)] });
          expect(answer).toMatchObject({ status: 200, thumbprint: partner.thumbprint, reused: turn > 0 });
        }
      } finally {
        agent.destroy();
      }
    });

    it('T7: a value that was seen is another one once a character of the certificate in it is altered', async () => {
      const value = encode(alice);
      expect(await said([header.name, value])).toMatchObject({ status: 200, thumbprint: alice.thumbprint });
      expect(value).toContain('MII');
      const altered = await said([header.name, value.replace('MII', 'MI!')]);
      expect(altered).toMatchObject({ status: 400, check: 'certificate_header_malformed' });
    });

    it('T7: two of them are refused, in two spellings, and when they are the same', async () => {
      for (const [name, other] of [
        [header.name, bob],
        [header.name.toUpperCase(), bob],
        [header.name, alice],
      ] as const) {
        expect(await said([header.name, encode(alice), name, encode(other)])).toMatchObject({
          status: 400,
          check: 'certificate_header_repeated',
        });
      }
    });

    it('T6: an underscore twin is refused, alone, before and behind the right one', async () => {
      for (const headers of [
        [twin, encode(bob)],
        [twin, encode(bob), header.name, encode(alice)],
        [header.name, encode(alice), twin.toUpperCase(), encode(bob)],
      ]) {
        expect(await said(headers)).toMatchObject({ status: 400, check: 'certificate_header_twin' });
      }
    });

    it('T7: the values of two, joined into one as Node and many proxies do, are refused', async () => {
      const joined = await said([header.name, `${encode(alice)}, ${encode(bob)}`]);
      expect(joined).toMatchObject({ status: 400, check: 'certificate_header_malformed' });
    });

    it('T7: empty is malformed and not "no certificate"', async () => {
      const empty = await said([header.name, '']);
      expect(empty).toMatchObject({ status: 400, code: 'invalid_request', check: 'certificate_header_malformed' });
    });

    it('T7: more than 16 KiB get no further than Node, or than the source where Node was told to take them', async () => {
      const long = encode(alice).padEnd(17 * 1024, 'A');
      expect(await said([header.name, long])).toMatchObject({ status: 431 });
      const request = { rawHeaders: [header.name, long], socket: { remoteAddress: '127.0.0.1' } };
      const { evidenceOf } = trustedProxy({ header, proxies: 'loopback' });
      expect(() => evidenceOf(request as never)).toThrow(/has 17408 characters/);
    });
  });
});

describe('Client-Cert-Chain beside Client-Cert', () => {
  let [alice, bob]: (Issued | undefined)[] = [];
  let issuing: Buffer;
  let listening: Listening;
  const byteSequence = (der: Buffer) => `:${der.toString('base64')}:`;
  const said = (...chains: string[]) => {
    const chain = chains.flatMap((value) => ['Client-Cert-Chain', value]);
    return ask({ port: listening.port, headers: ['Client-Cert', byteSequence(alice!.der), ...chain] });
  };

  beforeAll(async () => {
    const authority = await createAuthority({ name: 'Partners', intermediate: true });
    alice = await authority.issueClient({ subject: 'CN=alice' });
    bob = await authority.issueClient({ subject: 'CN=bob' });
    issuing = new X509Certificate(alice.chainPem.slice(alice.certificatePem.length)).raw;
    listening = await listenWith(trustedProxy({ header: clientCert(), proxies: 'loopback' }));
  });

  afterAll(() => listening.close());

  it('A44: is told, as one list or several, and without the leaf', async () => {
    const [above, other] = [thumbprintOf(issuing), bob!.thumbprint];
    expect((await said()).along).toEqual([]);
    expect((await said(byteSequence(issuing))).along).toEqual([above]);
    const both = [above, other];
    expect((await said(`${byteSequence(issuing)}, ${byteSequence(bob!.der)}`)).along).toEqual(both);
    expect((await said(byteSequence(issuing), byteSequence(bob!.der))).along).toEqual(both);
    expect((await said(byteSequence(alice!.der), byteSequence(issuing))).along).toEqual([above]);
  });

  it('A44: what cannot be read is no hint, and takes nothing from the leaf', async () => {
    for (const value of ['', 'x', `${byteSequence(issuing)};q=1`, `${byteSequence(issuing)},`, ':AAAA:']) {
      expect(await said(value), value).toMatchObject({ status: 200, thumbprint: alice!.thumbprint, along: [] });
    }
  });

  it('A44: alone it is no certificate, and a twin of it is refused', async () => {
    const sent = (headers: RawHeaders) => ask({ port: listening.port, headers });
    expect(await sent(['Client-Cert-Chain', byteSequence(issuing)])).toMatchObject({ thumbprint: null });
    const twin = await sent(['Client-Cert', byteSequence(alice!.der), 'client_cert_chain', byteSequence(issuing)]);
    expect(twin).toMatchObject({ status: 400, check: 'certificate_header_unexpected' });
  });
});

describe('trustedProxy({ proxies })', () => {
  let authority: Authority;
  let server: Issued;
  let [alice, proxy, other]: (Issued | undefined)[] = [];
  const open: Listening[] = [];

  beforeAll(async () => {
    authority = await createAuthority({ name: 'Here' });
    server = await authority.issueServer({ names: ['localhost'] });
    alice = await authority.issueClient({ subject: 'CN=alice' });
    proxy = await authority.issueClient({ subject: 'CN=edge' });
    other = await authority.issueClient({ subject: 'CN=edge' });
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((listening) => listening.close()));
  });

  const headers = (): RawHeaders => ['Client-Cert', `:${alice!.der.toString('base64')}:`];
  const believed = () => ({ status: 200, thumbprint: alice!.thumbprint });
  const untrusted = { status: 400, code: 'invalid_request', check: 'certificate_header_untrusted' };

  async function listen(proxies: TrustedProxies, options: Parameters<typeof listenWith>[1] = {}): Promise<Listening> {
    const listening = await listenWith(trustedProxy({ header: clientCert(), proxies }), options);
    open.push(listening);
    return listening;
  }

  const asked = ({ port }: Listening, as?: Issued, sent = headers()) =>
    ask({ port, tls: { ca: authority.bundlePem, as }, headers: sent });

  it('T6: believes the proxy whose own certificate has the pinned key', async () => {
    const listening = await listen({ clientCertificates: [proxy!.certificatePem] }, { identity: server });
    expect(await asked(listening, proxy)).toMatchObject(believed());
  });

  it('T6: and nobody else: not its namesake of the same authority, not a partner, not one without certificate', async () => {
    const listening = await listen({ clientCertificates: [proxy!.certificatePem] }, { identity: server });
    for (const peer of [other, alice, undefined]) expect(await asked(listening, peer)).toMatchObject(untrusted);
  });

  it('T6: a value that the proxy sent before is refused from everybody else as ever', async () => {
    const listening = await listen({ clientCertificates: [proxy!.certificatePem] }, { identity: server });
    for (const [peer, answer] of [
      [proxy, believed()],
      [other, untrusted],
      [alice, untrusted],
      [undefined, untrusted],
      [proxy, believed()],
    ] as const) {
      expect(await asked(listening, peer)).toMatchObject(answer);
    }
  });

  it('T6: the certificate of the peer itself is never the evidence', async () => {
    const listening = await listen({ clientCertificates: [proxy!.certificatePem] }, { identity: server });
    for (const peer of [proxy, alice]) {
      expect(await asked(listening, peer, [])).toMatchObject({ status: 200, thumbprint: null });
    }
  });

  it('T6: the pin is the key: a renewed certificate of it is believed', async () => {
    const key = new X509Certificate(proxy!.der).publicKey.export({ type: 'spki', format: 'der' });
    const spkiSha256 = createHash('sha256').update(key).digest('hex').toUpperCase();
    const listening = await listen({ clientCertificates: [{ spkiSha256 }] }, { identity: server });
    expect(await asked(listening, proxy)).toMatchObject(believed());
    expect(await asked(listening, other)).toMatchObject(untrusted);
  });

  it('T6: a key is not pinned over plain HTTP', async () => {
    const listening = await listen({ clientCertificates: [proxy!.certificatePem] });
    expect(await ask({ port: listening.port, headers: headers() })).toMatchObject(untrusted);
  });

  it('T6: the presence of the header from a stranger refuses, malformed, empty, twice or as a twin', async () => {
    const listening = await listen({ clientCertificates: [proxy!.certificatePem] }, { identity: server });
    for (const sent of [
      ['Client-Cert', 'x'],
      ['Client-Cert', ''],
      ['client_cert', ''],
      ['Client-Cert-Chain', ''],
      [...headers(), ...headers()],
    ]) {
      expect(await asked(listening, alice, sent)).toMatchObject(untrusted);
    }
  });

  it('T6: believes loopback, on a listener of both families too', async () => {
    for (const host of ['127.0.0.1', '::']) {
      const { port } = await listen('loopback', { at: { port: 0, host } });
      expect(await ask({ port, headers: headers() })).toMatchObject(believed());
      expect(await ask({ port, localAddress: '127.0.0.2', headers: headers() })).toMatchObject(believed());
    }
  });

  it('T6: does not take what X-Forwarded-For, Forwarded or X-Real-IP say for an address', async () => {
    const { port } = await listen({ insecureAddressOnly: ['10.11.12.0/24'] });
    for (const name of ['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'X-Client-IP', 'True-Client-IP']) {
      const value = name === 'Forwarded' ? 'for=10.11.12.1' : '10.11.12.1';
      expect(await ask({ port, headers: [...headers(), name, value] })).toMatchObject(untrusted);
    }
  });

  it('T6: loopback is no address of a network card', async () => {
    const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const own = outside.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
    const socket = { remoteAddress: own ?? '192.0.2.1' };
    const [name, value] = headers();
    const { evidenceOf } = trustedProxy({ header: clientCert(), proxies: 'loopback' });
    expect(() => evidenceOf({ rawHeaders: [name, value], socket } as never)).toThrow(/no trusted proxy/);
  });

  it.each([
    [['127.0.0.0/24'], '127.0.0.1', true],
    [['127.0.1.0/24'], '127.0.0.1', false],
    [['10.0.7.0/24'], '::ffff:10.0.7.9', true],
    [['10.0.7.0/24'], '::FFFF:10.0.7.9', true],
    [['10.0.7.0/24'], '::ffff:10.0.8.9', false],
    [['fd00:7::/32'], 'fd00:7::1', true],
    [['fd00:7::/32'], 'fd00:8::1', false],
    [['10.0.7.0/24', 'fd00::/8'], '10.0.7.255', true],
    [['10.0.7.1/32'], '10.0.7.2', false],
    [['10.0.7.0/24'], undefined, false],
  ])('T6: insecureAddressOnly %j and a peer at %s: %s', (ranges, remoteAddress, trusted) => {
    const [name, value] = headers();
    const request = { rawHeaders: [name, value], socket: { remoteAddress } };
    const { evidenceOf } = trustedProxy({ header: clientCert(), proxies: { insecureAddressOnly: ranges } });
    if (trusted) expect(evidenceOf(request as never)?.thumbprint).toBe(alice!.thumbprint);
    else expect(() => evidenceOf(request as never)).toThrow(/no trusted proxy/);
  });

  it('T6: warns of addresses alone, and of nothing else', () => {
    const warnings = (proxies: TrustedProxies) => trustedProxy({ header: clientCert(), proxies }).warnings;
    expect(warnings({ insecureAddressOnly: ['10.0.7.0/24'] })).toEqual([
      expect.stringMatching(/10\.0\.7\.0\/24 \(insecureAddressOnly\)/),
    ]);
    expect(warnings('loopback')).toEqual([]);
    expect(warnings({ unixSocket: true })).toEqual([]);
    expect(warnings({ clientCertificates: [proxy!.certificatePem] })).toEqual([]);
  });

  it('T6: believes a Unix socket, and no TCP connection beside it, be it cut or not', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'partner-ecosystem-hop-'));
    try {
      const path = join(folder, 'api.sock');
      await listen({ unixSocket: true }, { at: { path } });
      expect(await ask({ socketPath: path, headers: headers() })).toMatchObject(believed());
      const { port } = await listen({ unixSocket: true });
      expect(await ask({ port, headers: headers() })).toMatchObject(untrusted);
      const [name, value] = headers();
      const cut = { rawHeaders: [name, value], socket: { remoteAddress: undefined, server: { address: () => null } } };
      const { evidenceOf } = trustedProxy({ header: clientCert(), proxies: { unixSocket: true } });
      expect(() => evidenceOf(cut as never)).toThrow(/no trusted proxy/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['nothing', undefined],
    ['something else', 'everybody'],
    ['an empty object', {}],
    ['two ways at once', { unixSocket: true, insecureAddressOnly: ['10.0.7.0/24'] }],
    ['a Unix socket that is none', { unixSocket: false }],
    ['no certificate', { clientCertificates: [] }],
    ['text that is no PEM', { clientCertificates: ['-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----'] }],
    ['a digest of the wrong length', { clientCertificates: [{ spkiSha256: 'ab' }] }],
    ['no range', { insecureAddressOnly: [] }],
    ['an address without prefix', { insecureAddressOnly: ['10.0.7.1'] }],
    ['everybody', { insecureAddressOnly: ['0.0.0.0/0'] }],
    ['everybody of IPv6', { insecureAddressOnly: ['::/0'] }],
    ['a prefix too long', { insecureAddressOnly: ['10.0.7.1/33'] }],
    ['a name', { insecureAddressOnly: ['edge.test/24'] }],
  ])('T6: does not start with proxies that are %s', (_, proxies) => {
    expect(() => trustedProxy({ header: clientCert(), proxies: proxies as never })).toThrow(TypeError);
  });

  it('T6: does not start with two certificates in one text: which one is meant?', async () => {
    const two = proxy!.certificatePem + other!.certificatePem;
    const proxies = { clientCertificates: [two] };
    expect(() => trustedProxy({ header: clientCert(), proxies })).toThrow(/exactly one/);
  });

  it('T7: does not start without a decoder: none is the default', () => {
    expect(() => trustedProxy({ header: undefined as never, proxies: 'loopback' })).toThrow(/needs header: clientCert/);
  });

  it('T6: a pinned key may be self-signed', async () => {
    const own = await selfSigned({ subject: 'CN=edge' });
    const listening = await listen({ clientCertificates: [own.certificatePem] }, { identity: server });
    expect(await asked(listening, own)).toMatchObject(believed());
  });
});
