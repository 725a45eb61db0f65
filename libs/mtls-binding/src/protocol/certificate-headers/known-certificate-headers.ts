// Every header that a proxy, a load balancer or a tutorial hands a client's certificate on in. Whoever does not expect one
// refuses it: it was smuggled in, or somebody believes that it is read here. // T6, T7
export const CERTIFICATE_HEADER_NAMES: ReadonlySet<string> = new Set([
  'client-cert', // RFC 9440
  'client-cert-chain',
  'x-client-cert',
  'x-client-cert-chain',
  'x-client-cert-leaf', // Google Cloud
  'x-client-certificate',
  'x-ssl-client-cert', // nginx, HAProxy
  'x-ssl-client-cert-chain',
  'x-ssl-client-certificate',
  'x-ssl-client-der',
  'x-ssl-cert',
  'ssl-client-cert', // ingress-nginx
  'ssl-cert',
  'x-tls-client-cert',
  'x-mtls-client-cert',
  'x-forwarded-client-cert', // Envoy
  'x-forwarded-client-cert-chain',
  'x-forwarded-ssl-client-cert',
  'x-forwarded-tls-client-cert', // Traefik
  'x-forwarded-tls-client-cert-info',
  'x-arr-clientcert', // Azure
  'cf-client-cert-der-base64', // Cloudflare
]);
const AWS = 'x-amzn-mtls-clientcert';
/** In each of those names. Most headers of a request are told from them by this alone. */
const HINT = /cert|client[-_]der/i;
const SHORTEST = Math.min(...[...CERTIFICATE_HEADER_NAMES, AWS].map(({ length }) => length));

/** Whether a header of this name, as it was sent, is worth a closer look. Takes names that fold to one above for sure. */
export function mayBeCertificateHeader(name: string): boolean {
  return name.length >= SHORTEST && HINT.test(name); // folding leaves the length
}

/** Whether a header of this name hands on a client's certificate. Takes folded names only: see `foldedHeaderName`. */
export function isCertificateHeader(folded: string): boolean {
  return CERTIFICATE_HEADER_NAMES.has(folded) || folded.startsWith(AWS);
}

/** Lower case, and an underscore is a hyphen, as many servers hold it: `Client_Cert` is a twin of `Client-Cert`. */
export function foldedHeaderName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
