import { createHash } from 'node:crypto';
import type { Issued } from '@partner-ecosystem/test-pki';
import { awsAlb } from '../protocol/certificate-headers/aws-alb.js';
import type { CertificateHeader } from '../protocol/certificate-headers/certificate-header.js';
import { clientCert } from '../protocol/certificate-headers/client-cert.js';
import { envoyXfcc } from '../protocol/certificate-headers/envoy-xfcc.js';
import { haproxyDer } from '../protocol/certificate-headers/haproxy-der.js';
import { nginxEscaped } from '../protocol/certificate-headers/nginx-escaped.js';
import { traefikPem } from '../protocol/certificate-headers/traefik-pem.js';

/** A decoder and, as its proxy documents it or was seen to do, the encoder. */
export interface HeaderFormat {
  name: string;
  header: CertificateHeader;
  /** for whom the client presents: the leaf, and the intermediates where this proxy passes them on */
  encode(partner: Pick<Issued, 'der' | 'certificatePem' | 'chainPem'>): string;
}

const amazon = (pem: string) => encodeURIComponent(pem).replace(/%2B/g, '+').replace(/%2F/g, '/').replace(/%3D/g, '=');
const withoutMarkers = (pem: string) =>
  pem
    .trim()
    .split(/(?<=-----END CERTIFICATE-----)\n/)
    .map((one) => one.replace(/-----(BEGIN|END) CERTIFICATE-----|\n/g, ''))
    .join(',');

export const HEADER_FORMATS: readonly HeaderFormat[] = [
  {
    name: 'clientCert',
    header: clientCert(),
    encode: ({ der }) => `:${der.toString('base64')}:`,
  },
  {
    name: 'nginxEscaped',
    header: nginxEscaped({ name: 'X-SSL-Client-Cert' }),
    encode: ({ certificatePem }) => encodeURIComponent(certificatePem),
  },
  {
    name: 'haproxyDer',
    header: haproxyDer({ name: 'X-SSL-Client-Cert' }),
    encode: ({ der }) => der.toString('base64'),
  },
  {
    name: 'envoyXfcc',
    header: envoyXfcc(),
    encode: ({ der, certificatePem, chainPem }) =>
      [
        'By=spiffe://here.test/edge',
        `Hash=${createHash('sha256').update(der).digest('hex')}`,
        `Cert="${encodeURIComponent(certificatePem)}"`,
        `Chain="${encodeURIComponent(chainPem)}"`,
        String.raw`Subject="CN=a\"b,O=c;d"`,
        'URI=spiffe://there.test/a',
        'DNS=a.test;DNS=b.test',
      ].join(';'),
  },
  { name: 'traefikPem', header: traefikPem(), encode: ({ chainPem }) => withoutMarkers(chainPem) },
  {
    name: 'awsAlb verify',
    header: awsAlb({ mode: 'verify' }),
    encode: ({ certificatePem }) => amazon(certificatePem),
  },
  {
    name: 'awsAlb passthrough',
    header: awsAlb({ mode: 'passthrough' }),
    encode: ({ chainPem }) => amazon(chainPem),
  },
];
