import type { Fault } from './fault.js';

const LIBRARY = 'libs/mtls-binding/src';
const SOURCE = `${LIBRARY}/certificate-source`;
const DECODERS = `${LIBRARY}/protocol/certificate-headers`;
const PROXY = `${SOURCE}/trusted-proxy.ts`;
const PROXY_SPEC = `${SOURCE}/trusted-proxy.spec.ts`;
const DECODER_SPEC = `${DECODERS}/certificate-headers.spec.ts`;
const GUARD_SPEC = `${LIBRARY}/nest/certificate-headers.spec.ts`;

/** The one value of the header that is believed, and every decoder. */
export const CERTIFICATE_HEADER_FAULTS: readonly Fault[] = [
  {
    rule: 'T7',
    then: 'takes the first of two certificate headers',
    file: PROXY,
    find: 'if (values.length > 1) throw',
    replace: 'if (values.length > 2) throw',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T7',
    then: 'takes an empty header for no certificate',
    file: PROXY,
    find: 'if (value === undefined) return undefined;',
    replace: 'if (!value) return undefined;',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T7',
    then: 'decodes values of any length',
    file: PROXY,
    find: 'if (value.length > LONGEST_VALUE) throw',
    replace: 'if (value.length > LONGEST_VALUE * 9) throw',
    spec: PROXY_SPEC,
  },
  {
    rule: 'T7',
    then: 'lets caches store what a certificate in a header decided',
    file: `${LIBRARY}/nest/keep-from-caches.ts`,
    find: 'if (readsHeader)',
    replace: 'if (readsHeader === undefined)',
    spec: GUARD_SPEC,
  },
  {
    rule: 'T7',
    then: 'believes the header in socket mode',
    file: `${SOURCE}/tls-socket.ts`,
    find: 'if (others.length > 0) {',
    replace: 'if (others.length > 1) {',
    spec: `${SOURCE}/tls-socket.spec.ts`,
  },
  {
    rule: 'T7',
    then: 'skips what is not base64',
    file: `${DECODERS}/der-from-base64.ts`,
    find: "der.toString('base64') !== text",
    replace: "text === ''",
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'passes over octets behind the certificate',
    file: `${DECODERS}/der-from-base64.ts`,
    find: 'if (!parsed(der).raw.equals(der))',
    replace: 'if (parsed(der).raw.length === 0)',
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'takes Client-Cert with parameters and lists (clientCert)',
    file: `${DECODERS}/client-cert.ts`,
    find: '/^:([^:]*):$/',
    replace: '/^:([^:]*):/',
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'takes the first of several certificates (nginxEscaped)',
    file: `${DECODERS}/nginx-escaped.ts`,
    find: 'if (others.length > 0) throw',
    replace: 'if (others.length > 9) throw',
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'takes percent-encoding that was done or undone on the way (nginxEscaped, awsAlb, envoyXfcc)',
    file: `${DECODERS}/percent-decoded.ts`,
    find: 'if (percentEncoded(text, safe) !== value) throw',
    replace: "if (percentEncoded(text, safe) === '') throw",
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'overlooks what stands behind the first certificate (nginxEscaped, awsAlb, envoyXfcc)',
    file: `${DECODERS}/ders-from-pem.ts`,
    find: 'at = end + END.length;',
    replace: 'at = text.length;',
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'takes an element that Envoy appended to the client’s (envoyXfcc)',
    file: `${DECODERS}/envoy-xfcc.ts`,
    find: "if (!quoted && one === ',') throw malformedHeader('has several elements: Envoy must be set to SANITIZE_SET');\n    else if (!quoted && one === ';') {",
    replace: 'if (!quoted && /[,;]/.test(one!)) {',
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'takes the first of two Certs (envoyXfcc)',
    file: `${DECODERS}/envoy-xfcc.ts`,
    find: "['hash', 'cert', 'chain', 'subject']",
    replace: "['hash', 'chain', 'subject']",
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'does not hold the Hash against the certificate (envoyXfcc)',
    file: `${DECODERS}/envoy-xfcc.ts`,
    find: 'if (hash !== undefined && hash !==',
    replace: "if (hash === '' && hash !==",
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'takes RFC 9440 for plain base64 (haproxyDer)',
    file: `${DECODERS}/haproxy-der.ts`,
    find: 'decode: derFromBase64',
    replace: "decode: (value) => derFromBase64(value.replaceAll(':', ''))",
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'does not look at the chain behind the leaf (traefikPem)',
    file: `${DECODERS}/traefik-pem.ts`,
    find: "value.split(',').map(derFromBase64)",
    replace: "[derFromBase64(value.split(',')[0]!)]",
    spec: DECODER_SPEC,
  },
  {
    rule: 'T7',
    then: 'takes a chain where the leaf alone is due (awsAlb)',
    file: `${DECODERS}/aws-alb.ts`,
    find: 'if (others.length > 0) throw',
    replace: 'if (others.length > 9) throw',
    spec: DECODER_SPEC,
  },
];
