import { createAuthority } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { readElement, tag } from '../der/der-reader.js';
import { ipAddressText } from './ip-address-text.js';
import { subjectAlternativeNamesOf } from './subject-alternative-names.js';

const namesOf = (hex: string) => subjectAlternativeNamesOf(readElement(Buffer.from(hex, 'hex'), tag.sequence));

describe('subject alternative names', () => {
  it('are read from a certificate, each kind, in order', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const { der } = await authority.issueClient({
      subject: 'CN=client',
      uri: ['spiffe://example.org/Client'],
      dns: ['client.example.org', '*.example.org'],
      email: ['Client@example.org'],
      ip: ['192.0.2.1', '2001:DB8:0:0:1:0:0:1'],
    });
    expect(parseCertificate(der).subjectAlternativeNames).toEqual([
      { kind: 'uri', value: 'spiffe://example.org/Client' },
      { kind: 'dns', value: 'client.example.org' },
      { kind: 'dns', value: '*.example.org' },
      { kind: 'email', value: 'Client@example.org' },
      { kind: 'ip', value: '192.0.2.1' },
      { kind: 'ip', value: '2001:db8::1:0:0:1' },
    ]);
  });

  it('are never cut at a NUL', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const dns = ['good.example\0.evil.example'];
    const { der } = await authority.issueClient({ subject: 'CN=client', dns });
    expect(parseCertificate(der).subjectAlternativeNames).toEqual([{ kind: 'dns', value: dns[0] }]);
  });

  it('are none where there is no such extension', async () => {
    const { der } = await (await createAuthority({ name: 'Root' })).issueClient({ subject: 'CN=client' });
    expect(parseCertificate(der).subjectAlternativeNames).toEqual([]);
  });

  it('pass over kinds that identify no client', () => {
    expect(namesOf('300c 88022a03 a4023000 82026162'.replaceAll(' ', ''))).toEqual([{ kind: 'dns', value: 'ab' }]);
  });

  it.each([
    ['an empty list', '3000'],
    ['an address of five octets', '3007 8705c000020100'],
    ['a name beyond ASCII', '3003 8201fc'],
    ['a kind that does not exist', '3003 890161'],
    ['a constructed DNS name', '3005 a203820161'],
  ])('are refused with %s', (_, hex) => {
    expect(() => namesOf(hex.replaceAll(' ', ''))).toThrow(expect.objectContaining({ code: 'der_malformed' }));
  });
});

describe('the text of an address', () => {
  // RFC 5952 section 4
  it.each([
    ['c0000201', '192.0.2.1'],
    ['00000000', '0.0.0.0'],
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010000000000010000000000000001', '2001:0:0:1::1'],
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['fe800000000000000000000000000000', 'fe80::'],
    ['20010db80aaaabcd0001000200030004', '2001:db8:aaa:abcd:1:2:3:4'],
    ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
  ])('%s is %s', (hex, text) => {
    expect(ipAddressText(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it('does not exist for another number of octets', () => {
    expect(ipAddressText(Buffer.alloc(5))).toBeUndefined();
    expect(ipAddressText(Buffer.alloc(8))).toBeUndefined();
  });
});
