import type { Fault } from './fault.js';

/** The one value of the header that is believed, and every decoder. */
export const CERTIFICATE_HEADER_FAULTS: readonly Fault[] = [
  {
    rule: 'T7',
    then: 'takes the first of two certificate headers',
    in: 'believableValue',
    find: 'if (values.length > 1) throw',
    replace: 'if (values.length > 2) throw',
    spec: 'libs/mtls-binding/src/certificate-source/trusted-proxy.spec.ts',
  },
  {
    rule: 'T7',
    then: 'decodes values of any length',
    in: 'trusted-proxy: decoded',
    find: 'if (value.length > LONGEST_VALUE) throw',
    replace: 'if (value.length > LONGEST_VALUE * 9) throw',
    spec: 'libs/mtls-binding/src/certificate-source/trusted-proxy.spec.ts',
  },
  {
    rule: 'T7',
    then: 'believes the header in socket mode',
    in: 'assertNoCertificateHeader',
    find: 'if (others.length > 0) {',
    replace: 'if (others.length > 1) {',
    spec: 'libs/mtls-binding/src/certificate-source/tls-socket.spec.ts',
  },
  {
    rule: 'T7',
    then: 'skips what is not base64',
    in: 'derFromBase64',
    find: "der.toString('base64') !== text",
    replace: "text === ''",
    spec: 'libs/mtls-binding/src/protocol/certificate-headers/certificate-headers.spec.ts',
  },
  {
    rule: 'T7',
    then: 'overlooks what stands behind the first certificate (nginxEscaped, awsAlb, envoyXfcc)',
    in: 'dersFromPem',
    find: 'at = end + END.length;',
    replace: 'at = text.length;',
    spec: 'libs/mtls-binding/src/protocol/certificate-headers/certificate-headers.spec.ts',
  },
  {
    rule: 'T7',
    then: 'does not hold the Hash against the certificate (envoyXfcc)',
    in: 'derOfElement',
    find: 'if (hash !== undefined && hash !==',
    replace: "if (hash === '' && hash !==",
    spec: 'libs/mtls-binding/src/protocol/certificate-headers/certificate-headers.spec.ts',
  },
];
