import type { CertificateHeader } from './certificate-header.js';
import { derFromBase64 } from './der-from-base64.js';
import { malformedHeader } from './malformed-header.js';

/**
 * `Client-Cert` of RFC 9440: one Byte Sequence, exactly `:base64(DER):`. // T7
 * Never a list, never with parameters. `Client-Cert-Chain` may come beside it: a list of such sequences.
 */
export function clientCert(): CertificateHeader {
  return {
    name: 'Client-Cert',
    companions: ['client-cert-chain'],
    decode: derFromByteSequence,
    chain: {
      name: 'client-cert-chain',
      decode: (value) => value.split(',').map((one) => derFromByteSequence(one.trim())),
    },
    encode: (der) => `:${der.toString('base64')}:`,
  };
}

function derFromByteSequence(value: string): Buffer {
  const [, base64] = /^:([^:]*):$/.exec(value) ?? [];
  if (base64 === undefined) throw malformedHeader('is not one byte sequence ":base64:" (RFC 9440)'); // T7
  return derFromBase64(base64);
}
