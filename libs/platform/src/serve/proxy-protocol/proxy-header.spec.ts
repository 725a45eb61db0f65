import { describe, expect, it } from 'vitest';
import { FIXED_BYTES, restOf, sourceIn } from './proxy-header.js';
import { proxyHeader, SIGNATURE } from './proxy-header.testing.js';

function read(header: Buffer): ReturnType<typeof sourceIn> {
  const fixed = header.subarray(0, FIXED_BYTES);
  const rest = header.subarray(FIXED_BYTES);
  expect(restOf(fixed)).toBe(rest.length);
  return sourceIn(fixed, rest);
}

const ipv4 = Buffer.from([192, 0, 2, 7, 10, 0, 0, 1, 0xc0, 0x01, 0x24, 0xe3]);
const ipv6 = Buffer.concat([Buffer.from(`20010db8${'00'.repeat(11)}07${'00'.repeat(15)}01`, 'hex'), ipv4.subarray(8)]);

describe('a PROXY protocol header, version 2', () => {
  it('names the source of a connection over IPv4', () => {
    expect(read(proxyHeader({ family: 0x11, rest: ipv4 }))).toEqual({ address: '192.0.2.7', port: 0xc001 });
  });

  it('names the source of a connection over IPv6, compressed', () => {
    expect(read(proxyHeader({ family: 0x21, rest: ipv6 }))).toEqual({ address: '2001:db8::7', port: 0xc001 });
  });

  it('gives an IPv4 address written as IPv6 as what it is: limits must not count it twice', () => {
    const mapped = Buffer.concat([
      Buffer.from(`${'00'.repeat(10)}ffffc0000207`, 'hex'),
      Buffer.alloc(16),
      ipv4.subarray(8),
    ]);
    expect(read(proxyHeader({ family: 0x21, rest: mapped }))?.address).toBe('192.0.2.7');
  });

  it('may be followed by additions, which nobody reads', () => {
    const rest = Buffer.concat([ipv4, Buffer.from('0200036162630400040000000000', 'hex')]);
    expect(read(proxyHeader({ family: 0x11, rest }))?.address).toBe('192.0.2.7');
  });

  it.each([
    ['LOCAL, a health check', { command: 0x20, family: 0x11, rest: ipv4 }],
    ['LOCAL without addresses', { command: 0x20, family: 0x00, rest: Buffer.alloc(0) }],
    ['a family the balancer does not know', { family: 0x00, rest: ipv4 }],
  ])('names nobody for %s', (_, header) => {
    expect(read(proxyHeader(header))).toBeUndefined();
  });

  it.each([
    ['version 1', Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 49153 9443\r\n'), 'proxy_header_unsupported'],
    ['version 3', proxyHeader({ command: 0x31, family: 0x11, rest: ipv4 }), 'proxy_header_unsupported'],
    ['an unknown command', proxyHeader({ command: 0x22, family: 0x11, rest: ipv4 }), 'proxy_header_unsupported'],
    ['UDP', proxyHeader({ family: 0x12, rest: ipv4 }), 'proxy_header_unsupported'],
    ['a Unix socket', proxyHeader({ family: 0x31, rest: Buffer.alloc(216) }), 'proxy_header_unsupported'],
    ['a ClientHello', Buffer.from('16030100f4010000f003030000000000', 'hex'), 'proxy_header_malformed'],
    [
      'addresses that are cut short',
      proxyHeader({ family: 0x11, rest: ipv4.subarray(0, 11) }),
      'proxy_header_malformed',
    ],
    ['IPv4 addresses for IPv6', proxyHeader({ family: 0x21, rest: ipv4 }), 'proxy_header_malformed'],
    ['more than anybody needs', proxyHeader({ family: 0x11, rest: Buffer.alloc(2_049) }), 'proxy_header_malformed'],
    [
      'a signature that is off by one bit',
      flipped(proxyHeader({ family: 0x11, rest: ipv4 })),
      'proxy_header_malformed',
    ],
  ])('is refused: %s', (_, header, code) => {
    expect(() => read(header)).toThrow(expect.objectContaining({ code }));
  });
});

function flipped(header: Buffer): Buffer {
  const copy = Buffer.from(header);
  copy[SIGNATURE.length - 1]! ^= 1;
  return copy;
}
