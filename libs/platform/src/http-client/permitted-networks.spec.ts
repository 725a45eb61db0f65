import { describe, expect, it } from 'vitest';
import { isNetwork, PermittedNetworks } from './permitted-networks.js';

describe('A21: what others chose the address of is fetched from the public Internet', () => {
  const open = new PermittedNetworks();

  it.each(['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s',
    (address) => expect(open.permits(address)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.2.1',
    '198.18.0.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '',
    'localhost',
  ])('not from %s', (address) => expect(open.permits(address)).toBe(false));

  it('and from networks that were named', () => {
    const named = new PermittedNetworks(['127.0.0.0/8', 'fd00::/8']);
    expect(['127.0.0.1', 'fd12::1', '1.1.1.1'].map((address) => named.permits(address))).toEqual([true, true, true]);
    expect(['10.0.0.1', '::1', 'fe80::1'].map((address) => named.permits(address))).toEqual([false, false, false]);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '::/129', 'example.com/8', '10.0.0.0/-1', '10.0.0.0/8/8', '', '/8'])(
    'which "%s" is not',
    (text) => {
      expect(isNetwork(text)).toBe(false);
      expect(() => new PermittedNetworks([text])).toThrow(RangeError);
    },
  );
});
