import type { CertificateHeader } from './certificate-header.js';
import { dersFromPem, pemOf } from './ders-from-pem.js';
import { malformedHeader } from './malformed-header.js';
import { percentDecoded, percentEncoded } from './percent-decoded.js';

/** The mutual TLS mode of the listener: `verify` names the leaf, `passthrough` the whole chain as the client sent it. */
export type AwsAlbMode = 'verify' | 'passthrough';

const SAFE = '+=/';
const COMPANIONS = ['serial-number', 'issuer', 'subject', 'validity'].map((part) => `x-amzn-mtls-clientcert-${part}`);

/**
 * What an AWS Application Load Balancer writes: percent-encoded PEM that leaves `+`, `=` and `/` as they are, in
 * `X-Amzn-Mtls-Clientcert-Leaf` (verify) or, leaf first, in `X-Amzn-Mtls-Clientcert` (passthrough).
 * @throws TypeError when the mode is neither
 */
export function awsAlb({ mode }: { mode: AwsAlbMode }): CertificateHeader {
  const shared = { companions: COMPANIONS, encode: (der: Buffer) => percentEncoded(pemOf(der), SAFE) };
  if (mode === 'verify') return { ...shared, name: 'X-Amzn-Mtls-Clientcert-Leaf', decode: onlyDer };
  if (mode === 'passthrough') {
    return {
      ...shared,
      name: 'X-Amzn-Mtls-Clientcert',
      decode: (value) => certificates(value)[0],
      chain: { decode: certificates },
    };
  }
  throw new TypeError("awsAlb() needs mode: 'verify' or 'passthrough', as the listener is set");
}

function onlyDer(value: string): Buffer {
  const [leaf, ...others] = certificates(value);
  if (others.length > 0) throw malformedHeader('holds several certificates where the load balancer writes one');
  return leaf;
}

function certificates(value: string): [Buffer, ...Buffer[]] {
  return dersFromPem(percentDecoded(value, SAFE));
}
