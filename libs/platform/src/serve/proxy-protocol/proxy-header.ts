import { ProxyHeaderError } from './proxy-header-error.js';

/** Who opened the connection to the balancer. */
export interface ProxiedSource {
  /** IPv4 dotted or IPv6 compressed; never an IPv4 address written as IPv6 */
  address: string;
  port: number;
}

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
/** Signature, version and command, family, length of the rest. */
export const FIXED_BYTES = 16;
// 36 bytes are addresses; what balancers add about TLS and themselves is a few hundred. Nobody gets more of our memory.
const LONGEST_REST = 2_048;

const [LOCAL, PROXY] = [0x20, 0x21];
const [UNSPECIFIED, TCP_OVER_IPV4, TCP_OVER_IPV6] = [0x00, 0x11, 0x21];

/**
 * How many bytes follow the first sixteen of a PROXY protocol header, version 2.
 * Errors: ProxyHeaderError `proxy_header_malformed`, or `proxy_header_unsupported` for version 1 and whatever comes later.
 */
export function restOf(fixed: Buffer): number {
  if (!fixed.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    throw new ProxyHeaderError(
      fixed.toString('latin1').startsWith('PROXY ') ? 'proxy_header_unsupported' : 'proxy_header_malformed',
    );
  }
  const command = fixed.readUInt8(12);
  if (command !== LOCAL && command !== PROXY) throw new ProxyHeaderError('proxy_header_unsupported');
  const rest = fixed.readUInt16BE(14);
  if (rest > LONGEST_REST) throw new ProxyHeaderError('proxy_header_malformed');
  return rest;
}

/**
 * The source a whole header names; undefined when the balancer speaks for itself (its health checks do) or does not know.
 * Errors: ProxyHeaderError, for a family other than TCP over IP as well.
 * Does not check: the balancer's additions (TLV), its checksum included.
 */
export function sourceIn(fixed: Buffer, rest: Buffer): ProxiedSource | undefined {
  const family = fixed.readUInt8(13);
  if (fixed.readUInt8(12) === LOCAL || family === UNSPECIFIED) return undefined;
  if (family !== TCP_OVER_IPV4 && family !== TCP_OVER_IPV6) throw new ProxyHeaderError('proxy_header_unsupported');
  const bytes = family === TCP_OVER_IPV4 ? 4 : 16;
  // source and destination address, then both ports
  if (rest.length < 2 * bytes + 4) throw new ProxyHeaderError('proxy_header_malformed');
  const source = rest.subarray(0, bytes);
  return { address: bytes === 4 ? dotted(source) : ipv6(source), port: rest.readUInt16BE(2 * bytes) };
}

function dotted(bytes: Buffer): string {
  return [...bytes].join('.');
}

const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

function ipv6(bytes: Buffer): string {
  if (bytes.subarray(0, MAPPED.length).equals(MAPPED)) return dotted(bytes.subarray(MAPPED.length));
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  // compresses it
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
