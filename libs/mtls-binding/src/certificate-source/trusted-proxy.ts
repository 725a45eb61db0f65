import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { thumbprintOf } from '@partner-ecosystem/x509';
import type { CertificateHeader } from '../protocol/certificate-headers/certificate-header.js';
import { certificateHeadersIn } from '../protocol/certificate-headers/certificate-headers-in.js';
import { malformedHeader } from '../protocol/certificate-headers/malformed-header.js';
import { PROBE_CERTIFICATE } from '../protocol/certificate-headers/probe-certificate.js';
import { RefusedError, type RefusalCheck } from '../protocol/errors.js';
import type { AuthenticatedHop } from './authenticated-hop.js';
import type { CertificateEvidence, CertificateSource } from './certificate-source.js';
import { ReadValues, type Bounds } from './read-values.js';
import { sentAlong } from './sent-along.js';
import { hopOf, warningsAbout, type TrustedProxies } from './trusted-proxies.js';

export interface TrustedProxyOptions {
  /** What the proxy writes: `clientCert()`, `nginxEscaped({ name })`, `haproxyDer({ name })`, `envoyXfcc()`, `traefikPem()` or `awsAlb({ mode })`. */
  readonly header: CertificateHeader;
  /** Who may write it. */
  readonly proxies: TrustedProxies;
}

/** Characters of a value; Node refuses requests whose headers together are longer (431) unless it is told otherwise. */
const LONGEST_VALUE = 16 * 1024;

/** Node lets it into no header. */
const BETWEEN = '\n';

/** Certificates that partners present at one time; together with what is in them less than 16 MiB. */
const REMEMBERED: Bounds = { max: 1_000, longest: 8 * 1024 };

/**
 * Evidence from a proxy that ends TLS in front of us. The header is believed only when the hop itself is authenticated;
 * from anyone else its presence refuses the request, as do two of them, a twin with underscores, any other certificate
 * header and a value that the proxy would not write. // T6, T7
 * @throws TypeError naming the option that is missing or unusable
 *
 * Does not check: dates, path or registration of the certificate, or that the proxy verified possession of its key and
 * drops what a client sent under this name: configure it as in `docs/proxies`.
 */
export function trustedProxy({ header, proxies }: TrustedProxyOptions): CertificateSource {
  if (typeof header?.decode !== 'function' || typeof header.name !== 'string') {
    throw new TypeError('trustedProxy() needs header: clientCert(), or the decoder of what your proxy writes');
  }
  const isProxy = rememberedPerSocket(hopOf(proxies));
  const evidence = new ReadValues((sent) => evidenceIn(sent, header), REMEMBERED);
  return {
    readsHeader: true,
    warnings: warningsAbout(proxies),
    evidenceOf(request: IncomingMessage): CertificateEvidence | undefined {
      const value = believableValue(request, header, isProxy);
      if (value === undefined) return undefined;
      // By the values of this request alone: one connection of a proxy carries many partners. // T6
      return evidence.of([value, ...chainValues(request, header)].join(BETWEEN));
    },
  };
}

/** Parsing a certificate costs more than all the rest of a request; what is in a value never changes. */
function evidenceIn(sent: string, header: CertificateHeader): CertificateEvidence {
  const [value = '', ...chain] = sent.split(BETWEEN);
  const der = decoded(value, header);
  assertNotForged(der);
  const along = chainIn(header.chain?.name === undefined ? [value] : chain, header);
  const intermediates = along.filter((one) => !one.equals(der));
  return Object.freeze({ der, thumbprint: thumbprintOf(der), ...sentAlong(intermediates), source: 'proxy' });
}

// A hint that cannot be read is none: the leaf is judged without it.
function chainIn(values: readonly string[], { chain }: CertificateHeader): Buffer[] {
  if (chain === undefined || values.some(({ length }) => length > LONGEST_VALUE)) return [];
  try {
    return values.flatMap((value) => chain.decode(value));
  } catch (error) {
    if (error instanceof RefusedError) return [];
    throw error;
  }
}

/** Each value of the companion that holds the chain. */
function chainValues({ rawHeaders }: IncomingMessage, { chain }: CertificateHeader): string[] {
  if (chain?.name === undefined) return [];
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]!.toLowerCase() === chain.name);
}

/** The one value of the header; undefined when no certificate header was sent at all. */
function believableValue(
  { rawHeaders, socket }: IncomingMessage,
  header: CertificateHeader,
  isProxy: AuthenticatedHop,
): string | undefined {
  const { values, twins, others } = certificateHeadersIn(rawHeaders, header);
  const [value] = values;
  if (value === undefined && twins.length === 0 && others.length === 0) return undefined;
  const refused = (check: RefusalCheck, message: string) => new RefusedError('invalid_request', check, message);
  if (!isProxy(socket)) {
    const peer = socket.remoteAddress ?? 'a peer without address';
    throw refused('certificate_header_untrusted', `a certificate header from ${peer}, which is no trusted proxy`); // T6
  }
  if (twins.length > 0) throw refused('certificate_header_twin', `${twins.join(', ')} passes for ${header.name}`);
  if (values.length > 1) throw refused('certificate_header_repeated', `${values.length} ${header.name} headers`); // T7
  const unexpected = others.filter((name) => !header.companions.includes(name));
  if (unexpected.length > 0) {
    throw refused('certificate_header_unexpected', `the proxy passed on ${unexpected.join(', ')}: let it drop them`);
  }
  return value;
}

function decoded(value: string, header: CertificateHeader): Buffer {
  if (value.length > LONGEST_VALUE) throw malformedHeader(`has ${value.length} characters`);
  return header.decode(value);
}

// Nobody holds the key of the probe's certificate: the proxy let through what a client wrote. // T6
function assertNotForged(der: Buffer): void {
  if (der.equals(PROBE_CERTIFICATE)) {
    const message = 'the forged certificate header of the probe came through the proxy and was believed';
    throw new RefusedError('invalid_request', 'certificate_header_probe', message);
  }
}

// The verdict alone is kept: who the proxy is cannot change within a connection, whom it speaks for does. // T6
function rememberedPerSocket(judge: AuthenticatedHop): AuthenticatedHop {
  const verdicts = new WeakMap<Socket, boolean>();
  return (socket) => {
    const known = verdicts.get(socket);
    if (known !== undefined) return known;
    const verdict = judge(socket);
    verdicts.set(socket, verdict);
    return verdict;
  };
}
