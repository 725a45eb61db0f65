import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from './parse-certificate.js';
import { thumbprintOf } from './thumbprint-of.js';

/** The public certificate of RFC 8705 appendix A, DER in base64: the RFC's own test vector for `x5t#S256`. */
const RFC_8705_CERTIFICATE = [
  'MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAx',
  'ODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG',
  'SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ',
  '/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID',
  'SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOV',
  'bUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=',
].join('');
const RFC_8705_THUMBPRINT = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0';

describe('A16: the x5t#S256 thumbprint', () => {
  it('of the certificate in RFC 8705 appendix A is the one printed there', () => {
    expect(thumbprintOf(Buffer.from(RFC_8705_CERTIFICATE, 'base64'))).toBe(RFC_8705_THUMBPRINT);
  });

  it('is over DER: a certificate given as PEM has the same one, its text has another', () => {
    const certificate = parseCertificate(Buffer.from(RFC_8705_CERTIFICATE, 'base64'));
    expect(parseCertificate(certificate.pem).thumbprint).toBe(RFC_8705_THUMBPRINT);
    expect(thumbprintOf(Buffer.from(certificate.pem))).not.toBe(RFC_8705_THUMBPRINT);
    expect(Buffer.from(certificate.sha256, 'hex').toString('base64url')).toBe(RFC_8705_THUMBPRINT);
  });

  it('takes no more than the octets it is given', () => {
    const pool = Buffer.from(`xx${'certificate'}yy`);
    const view = new Uint8Array(pool.buffer, pool.byteOffset + 2, 'certificate'.length);
    expect(thumbprintOf(view)).toBe(createHash('sha256').update('certificate').digest('base64url'));
  });

  it('reads a certificate of version 1, as that one is', () => {
    expect(parseCertificate(Buffer.from(RFC_8705_CERTIFICATE, 'base64'))).toMatchObject({
      serial: '02',
      subject: { text: 'CN=mtls' },
      issuer: { text: 'CN=mtls' },
      selfIssued: true,
      isCa: false,
      notBefore: new Date('2018-10-18T12:37:09Z'),
      notAfter: new Date('2022-05-02T12:37:09Z'),
      key: { type: 'ec', curve: 'P-256' },
      signatureAlgorithm: { oid: '1.2.840.10045.4.3.2', name: 'ecdsa-with-SHA256' },
      extendedKeyUsage: undefined,
      keyUsage: undefined,
      subjectAlternativeNames: [],
      unknownCriticalExtensions: [],
    });
  });
});
