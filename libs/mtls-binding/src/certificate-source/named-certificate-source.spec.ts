import { createAuthority } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { CERTIFICATE_SOURCE_NAMES, namedCertificateSource } from './named-certificate-source.js';

let one: string;
let other: string;

beforeAll(async () => {
  const authority = await createAuthority({ name: 'Proxies' });
  one = (await authority.issueClient({ subject: 'CN=proxy-1' })).certificatePem;
  other = (await authority.issueClient({ subject: 'CN=proxy-2' })).certificatePem;
});

const refused = { code: 'certificate_source_invalid' };

describe('a certificate source named by text', () => {
  it('socket reads no header', () => {
    expect(namedCertificateSource({ name: 'socket' }).readsHeader).toBeFalsy();
  });

  it.each(CERTIFICATE_SOURCE_NAMES.filter((name) => name !== 'socket'))(
    'T6: %s is believed from proxies with these keys, and needs one',
    (name) => {
      const source = namedCertificateSource({ name, proxyCertificates: `${one}\n${other}` });
      expect(source.readsHeader).toBe(true);
      // by key, never by address alone: that would be warned about
      expect(source.warnings).toEqual([]);
      for (const proxyCertificates of [undefined, '', 'no PEM', one.slice(0, 200)]) {
        expect(() => namedCertificateSource({ name, proxyCertificates })).toThrow(expect.objectContaining(refused));
      }
    },
  );

  it('T7: socket and certificates of proxies contradict each other', () => {
    expect(() => namedCertificateSource({ name: 'socket', proxyCertificates: one })).toThrow(
      expect.objectContaining(refused),
    );
  });

  it.each(['', 'proxy', 'SOCKET', 'toString', '__proto__'])('"%s" is none', (name) => {
    expect(() => namedCertificateSource({ name, proxyCertificates: one })).toThrow(expect.objectContaining(refused));
  });
});
