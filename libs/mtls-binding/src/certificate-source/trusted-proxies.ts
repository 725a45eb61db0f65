import { addressHop, loopbackHop } from './address-hop.js';
import type { AuthenticatedHop } from './authenticated-hop.js';
import { pinnedKeyHop, type PinnedCertificate } from './pinned-key-hop.js';
import { unixSocketHop } from './unix-socket-hop.js';

/**
 * How a proxy proves to be one:
 * - `{ clientCertificates }`: by its own client certificate on the hop to us, pinned by key;
 * - `'loopback'`: it runs on this machine;
 * - `{ unixSocket: true }`: it connects to our Unix socket;
 * - `{ insecureAddressOnly }`: by nothing but an address in one of these ranges (CIDR). Whoever gets an address in there
 *   or writes into that network can be every partner; warned about at every boot.
 */
export type TrustedProxies =
  | { readonly clientCertificates: readonly PinnedCertificate[] }
  | 'loopback'
  | { readonly unixSocket: true }
  | { readonly insecureAddressOnly: readonly string[] };

/** @throws TypeError when it is none of these, or more than one: there is no default */
export function hopOf(proxies: TrustedProxies): AuthenticatedHop {
  if (proxies === 'loopback') return loopbackHop();
  const ways = typeof proxies === 'object' && proxies !== null ? Object.keys(proxies) : [];
  if (ways.length === 1) {
    if ('clientCertificates' in proxies) return pinnedKeyHop(proxies.clientCertificates);
    if ('insecureAddressOnly' in proxies) return addressHop(proxies.insecureAddressOnly);
    if ('unixSocket' in proxies && proxies.unixSocket === true) return unixSocketHop();
  }
  throw new TypeError(
    "trustedProxy() needs proxies: { clientCertificates: [PEM] }, 'loopback', { unixSocket: true } or { insecureAddressOnly: [CIDR] }",
  );
}

export function warningsAbout(proxies: TrustedProxies): string[] {
  if (typeof proxies === 'string' || !('insecureAddressOnly' in proxies)) return [];
  const ranges = proxies.insecureAddressOnly.join(', ');
  return [
    `certificate headers are believed from every peer in ${ranges} (insecureAddressOnly): whoever can send from there can be every partner. Pin the proxy's own certificate instead: proxies: { clientCertificates }`,
  ];
}
