import type { Fault } from './fault.js';

const LIBRARY = 'libs/mtls-binding/src';
const SOURCE = `${LIBRARY}/certificate-source`;
const DECODERS = `${LIBRARY}/protocol/certificate-headers`;
const PROXY = `${SOURCE}/trusted-proxy.ts`;
const PROXY_SPEC = `${SOURCE}/trusted-proxy.spec.ts`;
const REAL_SPEC = `${SOURCE}/nginx-and-haproxy.real.spec.ts`;
const PROBE_SPEC = `${SOURCE}/probe-forged-header.spec.ts`;
const GUARD_SPEC = `${LIBRARY}/nest/certificate-headers.spec.ts`;

/** The hop, and the headers that nobody may send. */
export const CERTIFICATE_SOURCE_FAULTS: readonly Fault[] = [
  {
    rule: 'T6',
    then: 'believes a certificate header from anybody',
    file: PROXY,
    find: 'if (!isProxy(socket)) {',
    replace: 'if (isProxy(socket) === undefined) {',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'passes over a header from a stranger instead of refusing it',
    file: PROXY,
    find: "throw refused('certificate_header_untrusted',",
    replace: "return void refused('certificate_header_untrusted',",
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'lets an underscore twin pass',
    file: PROXY,
    find: "if (twins.length > 0) throw refused('certificate_header_twin'",
    replace: "if (twins.length > 9) throw refused('certificate_header_twin'",
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'does not fold underscores, so a twin is a header like any other',
    file: `${DECODERS}/known-certificate-headers.ts`,
    find: ".replaceAll('_', '-')",
    replace: '',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'lets the proxy pass on certificate headers that it did not write',
    file: PROXY,
    find: 'if (unexpected.length > 0) {',
    replace: 'if (unexpected.length > 9) {',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'remembers the first partner of a connection for all that follow',
    file: PROXY,
    find: 'return evidence.of([value, ...chainValues(request, header)].join(BETWEEN));',
    replace:
      'return ((socket: { told?: CertificateEvidence }) => (socket.told ??= evidence.of(value)))(request.socket as never);',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'knows a value that it read before by its beginning',
    file: PROXY,
    find: 'return evidence.of([value, ...chainValues(request, header)].join(BETWEEN));',
    replace:
      'return ((heads: Record<string, CertificateEvidence>) => (heads[value.slice(0, 16)] ??= evidence.of(value)))(header as never);',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'takes every client certificate for the proxy',
    file: `${SOURCE}/pinned-key-hop.ts`,
    find: 'pins.has(spkiSha256(certificate.publicKey))',
    replace: 'spkiSha256(certificate.publicKey).length === 64',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'takes a missing address for a Unix socket',
    file: `${SOURCE}/unix-socket-hop.ts`,
    find: "typeof socket.server?.address?.() === 'string'",
    replace: 'socket.remoteAddress === undefined',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'takes every address for loopback',
    file: `${SOURCE}/address-hop.ts`,
    find: "addressHop(['127.0.0.0/8', '::1/128'])",
    replace: "addressHop(['0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1'])",
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'does not know an IPv4 peer on a listener of both families',
    file: `${SOURCE}/address-hop.ts`,
    find: 'return mapped ?? address;',
    replace: 'return mapped === undefined ? address : `::${mapped}`;',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'takes a range of everybody',
    file: `${SOURCE}/address-hop.ts`,
    find: 'prefix < 1 ||',
    replace: '',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'does not warn of addresses alone',
    file: `${LIBRARY}/nest/mtls-binding.module.ts`,
    find: 'of options.certificateSource.warnings ?? []',
    replace: 'of [] as string[]',
    spec: GUARD_SPEC,
  },
  {
    rule: 'T6',
    then: 'does not log which certificate header was refused',
    file: `${LIBRARY}/nest/evidence-for.ts`,
    find: 'log.warn(`${error.check}: ${error.message}`)',
    replace: 'void log',
    spec: GUARD_SPEC,
  },
  {
    rule: 'T6',
    then: 'passes over a header smuggled to a listener that ends TLS itself',
    file: `${SOURCE}/tls-socket.ts`,
    find: 'assertNoCertificateHeader(request.rawHeaders);',
    replace: '',
    spec: `${SOURCE}/tls-socket.spec.ts`,
  },
  {
    rule: 'T6',
    then: 'ships an HAProxy configuration that passes on what clients send',
    file: 'libs/mtls-binding/docs/proxies/haproxy.cfg',
    find: '  http-request del-header ^(x[-_])?',
    replace: '  http-request del-header ^(y[-_])',
    spec: REAL_SPEC,
  },
  {
    rule: 'T6',
    then: 'ships an nginx configuration that passes on what clients send',
    file: 'libs/mtls-binding/docs/proxies/nginx.conf',
    find: 'proxy_set_header X-Forwarded-Client-Cert "";',
    replace: '',
    spec: REAL_SPEC,
  },
  {
    rule: 'R5',
    then: 'hashes the header instead of the certificate in it',
    file: PROXY,
    find: 'thumbprint: thumbprintOf(der)',
    replace: 'thumbprint: thumbprintOf(Buffer.from(value))',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T6',
    then: 'takes the forgery of the probe for a certificate, so that nobody hears of the hole',
    file: PROXY,
    find: 'if (der.equals(PROBE_CERTIFICATE)) {',
    replace: 'if (der.length === 0) {',
    spec: PROBE_SPEC,
  },
  {
    rule: 'T6',
    then: 'is ready though a forged header was believed',
    file: `${SOURCE}/probe-forged-header.ts`,
    find: "if (verdict === 'believed') throw",
    replace: 'if (verdict !== verdict) throw',
    spec: PROBE_SPEC,
  },
];
