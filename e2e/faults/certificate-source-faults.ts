import type { Fault } from './fault.js';

/** The hop, and the headers that nobody may send. */
export const CERTIFICATE_SOURCE_FAULTS: readonly Fault[] = [
  {
    rule: 'T6',
    then: 'believes a certificate header from anybody',
    in: 'believableValue',
    find: 'if (!isProxy(socket)) {',
    replace: 'if (isProxy(socket) === undefined) {',
    spec: 'libs/mtls-binding/src/certificate-source/trusted-proxy.spec.ts',
  },
  {
    rule: 'T6',
    then: 'lets an underscore twin pass',
    in: 'believableValue',
    find: "if (twins.length > 0) throw refused('certificate_header_twin'",
    replace: "if (twins.length > 9) throw refused('certificate_header_twin'",
    spec: 'libs/mtls-binding/src/certificate-source/trusted-proxy.spec.ts',
  },
  {
    rule: 'T6',
    then: 'lets the proxy pass on certificate headers that it did not write',
    in: 'believableValue',
    find: 'if (unexpected.length > 0) {',
    replace: 'if (unexpected.length > 9) {',
    spec: 'libs/mtls-binding/src/certificate-source/trusted-proxy.spec.ts',
  },
  {
    rule: 'T6',
    then: 'remembers the first partner of a connection for all that follow',
    in: 'trustedProxy',
    find: 'return evidence.of([value, ...chainValues(request, header)].join(BETWEEN));',
    replace:
      'return ((socket: { told?: CertificateEvidence }) => (socket.told ??= evidence.of(value)))(request.socket as never);',
    spec: 'libs/mtls-binding/src/certificate-source/trusted-proxy.spec.ts',
  },
  {
    rule: 'T6',
    then: 'takes every client certificate for the proxy',
    in: 'pinnedKeyHop',
    find: 'pins.has(spkiSha256(certificate.publicKey))',
    replace: 'spkiSha256(certificate.publicKey).length === 64',
    spec: 'libs/mtls-binding/src/certificate-source/trusted-proxy.spec.ts',
  },
  {
    rule: 'T6',
    then: 'ships an HAProxy configuration that passes on what clients send',
    in: 'libs/mtls-binding/docs/proxies/haproxy.cfg',
    find: '  http-request del-header ^(x[-_])?',
    replace: '  http-request del-header ^(y[-_])',
    spec: 'libs/mtls-binding/src/certificate-source/nginx-and-haproxy.real.spec.ts',
  },
  {
    rule: 'T6',
    then: 'ships an nginx configuration that passes on what clients send',
    in: 'libs/mtls-binding/docs/proxies/nginx.conf',
    find: 'proxy_set_header X-Forwarded-Client-Cert "";',
    replace: '',
    spec: 'libs/mtls-binding/src/certificate-source/nginx-and-haproxy.real.spec.ts',
  },
];
