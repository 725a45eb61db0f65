import { createHash, X509Certificate } from 'node:crypto';
import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { HEADER_FORMATS } from '../../certificate-source/header-formats.testing.js';
import { RefusedError } from '../errors.js';
import { awsAlb } from './aws-alb.js';
import type { CertificateHeader } from './certificate-header.js';
import { certificateHeadersIn } from './certificate-headers-in.js';
import { CERTIFICATE_HEADER_NAMES, mayBeCertificateHeader } from './known-certificate-headers.js';
import { clientCert } from './client-cert.js';
import { envoyXfcc } from './envoy-xfcc.js';
import { haproxyDer } from './haproxy-der.js';
import { nginxEscaped } from './nginx-escaped.js';
import { traefikPem } from './traefik-pem.js';

let alice: Issued;
let bob: Issued;

/** Base64 with both characters that get mangled on the way, and with padding. */
const isTelling = ({ der }: Issued) => /^(?=.*\+)(?=.*\/).*=$/.test(der.toString('base64'));

beforeAll(async () => {
  const authority = await createAuthority({ name: 'Partners', intermediate: true });
  bob = await authority.issueClient({ subject: 'CN=bob' });
  for (let at = 0; !alice || !isTelling(alice); at += 1) {
    alice = await authority.issueClient({ subject: `CN=alice${'e'.repeat(at % 3)}` });
  }
});

function refusalOf(decode: () => unknown): RefusedError {
  try {
    decode();
  } catch (error) {
    if (error instanceof RefusedError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

const base64 = () => alice.der.toString('base64');
const inQuotes = (pem: string) => `Cert="${encodeURIComponent(pem)}"`;
const lowerHex = (value: string) => value.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());

describe.each(HEADER_FORMATS)('$name', ({ header, encode }) => {
  it('T7: gives the DER of the leaf, as the proxy wrote it', () => {
    for (const one of [alice, bob]) expect(header.decode(encode(one)).equals(one.der)).toBe(true);
  });

  it('T7: forges for the probe what it would take itself', () => {
    for (const one of [alice, bob]) expect(header.decode(header.encode(one.der)).equals(one.der)).toBe(true);
  });

  it('T7: refuses it cut off anywhere: a thumbprint of less would be wrong without an error', () => {
    const value = encode({ ...alice, chainPem: alice.certificatePem });
    // Envoy goes on behind the certificate, and PEM may end without its last line break.
    const end = value.includes('";') ? value.indexOf('";') : value.replace(/%0A$/, '').length;
    for (let length = value.indexOf('MII'); length < end; length += 1 + (length % 5)) {
      const { check } = refusalOf(() => header.decode(value.slice(0, length)));
      expect(check, `${length} of ${end}`).toBe('certificate_header_malformed');
    }
  });

  it.each([
    ['spaces around', (value: string) => ` ${value} `],
    ['a line break', (value: string) => `${value}\n`],
    ['a plus as a space', (value: string) => value.replaceAll('+', ' ').replaceAll('%2B', ' ')],
    ['a plus as %20', (value: string) => value.replaceAll('+', '%20').replaceAll('%2B', '%20')],
    [
      'the base64 of URLs',
      (value: string) => value.replaceAll('+', '-').replaceAll('%2B', '-').replaceAll('/', '_').replaceAll('%2F', '_'),
    ],
    ['escaped once more', (value: string) => encodeURIComponent(value)],
    ['without padding', (value: string) => value.replace(/=+(?=$|:|,|\n|%0A)|(?:%3D)+/g, '')],
    ['between quotes', (value: string) => `"${value}"`],
    ['as a list', (value: string) => `${value}, ${value}`],
    ['with a parameter', (value: string) => `${value};q=1`],
    ['of JSON', (value: string) => JSON.stringify({ value })],
    ['with an octet that is no ASCII', (value: string) => value.replace('M', 'é')],
  ])('T7: refuses it with %s', (_, mangle) => {
    const refusal = refusalOf(() => header.decode(mangle(encode(alice))));
    expect(refusal).toMatchObject({ code: 'invalid_request', status: 400, check: 'certificate_header_malformed' });
  });

  it.each([
    ['nothing', () => Buffer.alloc(0)],
    ['a public key', () => new X509Certificate(alice.der).publicKey.export({ type: 'spki', format: 'der' })],
    ['the PEM of a certificate', () => Buffer.from(alice.certificatePem)],
    ['a certificate and one octet', () => Buffer.concat([alice.der, Buffer.from([0])])],
    ['two certificates', () => Buffer.concat([alice.der, bob.der])],
    ['half a certificate', () => alice.der.subarray(0, alice.der.length / 2)],
    ['noise', () => Buffer.from('no certificate at all')],
  ])('T7: refuses %s where the certificate should be', (_, content) => {
    const der = content();
    const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
    const refusal = refusalOf(() => header.decode(encode({ der, certificatePem: pem, chainPem: pem })));
    expect(refusal.check).toBe('certificate_header_malformed');
  });

  it('T7: says why without repeating any of the value', () => {
    const value = encode(alice).replace('MII', 'MIX');
    const { message, publicText } = refusalOf(() => header.decode(value));
    expect(message).toMatch(/^the certificate header /);
    expect(message + publicText).not.toContain('MIX');
  });
});

describe('clientCert()', () => {
  it.each([
    ['no colons', () => base64()],
    ['one colon', () => `:${base64()}`],
    ['a parameter', () => `:${base64()}:;a=1`],
    ['a list of one, with a comma', () => `:${base64()}:,`],
    ['two byte sequences', () => `:${base64()}:, :${base64()}:`],
    ['an empty byte sequence', () => '::'],
    ['a string', () => `"${base64()}"`],
    ['a token', () => '?1'],
    ['space inside', () => `: ${base64()}:`],
    ['PEM', () => `:${alice.certificatePem.replaceAll('\n', '')}:`],
    ['the older spelling with asterisks', () => `*${base64()}*`],
  ])('T7: refuses %s', (_, value) => {
    expect(refusalOf(() => clientCert().decode(value())).check).toBe('certificate_header_malformed');
  });

  it('T7: takes the example of RFC 9440, figure 2', () => {
    // The certificate of the RFC's appendix A: public, without a key.
    const value =
      ':MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:';
    expect(new X509Certificate(clientCert().decode(value)).subject).toBe('CN=BC');
  });
});

describe('nginxEscaped()', () => {
  const { decode } = nginxEscaped({ name: 'X-SSL-Client-Cert' });
  const escaped = (pem: string) => encodeURIComponent(pem);

  it.each([
    ['$ssl_client_raw_cert', () => alice.certificatePem],
    ['$ssl_client_cert, whose lines are folded with tabs', () => alice.certificatePem.trim().replaceAll('\n', '\n\t')],
    ['lines joined with spaces', () => alice.certificatePem.trim().replaceAll('\n', ' ')],
    ['escaped lines joined with spaces', () => escaped(alice.certificatePem.trim().replaceAll('\n', ' '))],
    ['a chain', () => escaped(alice.chainPem)],
    ['small hex digits', () => lowerHex(escaped(alice.certificatePem))],
    ['form encoding', () => escaped(alice.certificatePem).replaceAll('%20', '+')],
    ['only what must be escaped', () => encodeURI(alice.certificatePem)],
    ['text before it', () => escaped(`subject=alice\n${alice.certificatePem}`)],
    ['text behind it', () => escaped(`${alice.certificatePem}x`)],
    ['another label', () => escaped(alice.certificatePem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'))],
    ['line breaks of Windows', () => escaped(alice.certificatePem.replaceAll('\n', '\r\n'))],
    ['a percent sign at the end', () => `${escaped(alice.certificatePem)}%`],
    ['an escaped NUL', () => `${escaped(alice.certificatePem)}%00`],
    ['(null), what other servers write for nothing', () => '(null)'],
  ])('T7: refuses %s', (_, value) => {
    expect(refusalOf(() => decode(value())).check).toBe('certificate_header_malformed');
  });
});

describe('haproxyDer()', () => {
  const { decode } = haproxyDer({ name: 'X-SSL-Client-Cert' });

  it.each([
    ['a byte sequence of RFC 9440', () => `:${base64()}:`],
    ['hex', () => alice.der.toString('hex')],
    ['a chain', () => `${base64()},${bob.der.toString('base64')}`],
    ['bits behind the end that nothing reads', () => base64().replace(/[A-Za-z0-9+/](=+)$/, 'B$1')],
  ])('T7: refuses %s', (_, value) => {
    expect(refusalOf(() => decode(value())).check).toBe('certificate_header_malformed');
  });
});

describe('envoyXfcc()', () => {
  const { decode } = envoyXfcc();
  const hashOf = ({ der }: Issued) => createHash('sha256').update(der).digest('hex');

  it('T7: needs no more than Cert; keys are one in upper and lower case', () => {
    for (const value of [inQuotes(alice.certificatePem), inQuotes(alice.certificatePem).replace('Cert', 'cert')]) {
      expect(decode(value).equals(alice.der)).toBe(true);
    }
  });

  it.each([
    [
      'two elements: what the client sent stands first',
      () => `${inQuotes(bob.certificatePem)},${inQuotes(alice.certificatePem)}`,
    ],
    ['an element that the client sent without Cert', () => `By=x,${inQuotes(alice.certificatePem)}`],
    ['two Certs', () => `${inQuotes(bob.certificatePem)};${inQuotes(alice.certificatePem)}`],
    [
      'two Certs, one in lower case',
      () => `${inQuotes(bob.certificatePem)};${inQuotes(alice.certificatePem).toLowerCase()}`,
    ],
    ['a Hash alone', () => `Hash=${hashOf(alice)}`],
    ['a Chain alone', () => `Chain="${encodeURIComponent(alice.chainPem)}"`],
    [
      'a Cert that a partner wrote into the URI of its own certificate',
      () => `${inQuotes(bob.certificatePem)};URI=x;${inQuotes(alice.certificatePem)}`,
    ],
    ['the Hash of another', () => `Hash=${hashOf(bob)};${inQuotes(alice.certificatePem)}`],
    ['two Hashes', () => `Hash=${hashOf(alice)};Hash=${hashOf(alice)};${inQuotes(alice.certificatePem)}`],
    ['an empty Cert', () => 'Cert=""'],
    ['a key that Envoy does not know', () => `${inQuotes(alice.certificatePem)};Trust=me`],
    ['quotes that are not closed', () => inQuotes(alice.certificatePem).slice(0, -1)],
    ['quotes within a value', () => `Subject=a"b;${inQuotes(alice.certificatePem)}`],
    [
      'a Cert hidden in a Subject',
      () => `Subject="x;${inQuotes(alice.certificatePem).replaceAll('"', String.raw`\"`)}"`,
    ],
    ['a chain as Cert', () => inQuotes(alice.chainPem)],
    ['an empty pair', () => `;${inQuotes(alice.certificatePem)}`],
    ['space before a key', () => `By=x; ${inQuotes(alice.certificatePem)}`],
  ])('T7: refuses %s', (_, value) => {
    expect(refusalOf(() => decode(value())).check).toBe('certificate_header_malformed');
  });

  it('T7: a Subject with quotes, commas and semicolons ends where Envoy ends it', () => {
    const subject = String.raw`Subject="CN=x\",Cert=\"y;O=\\"`;
    expect(decode(`${subject};${inQuotes(alice.certificatePem)}`).equals(alice.der)).toBe(true);
  });
});

describe('traefikPem()', () => {
  const { decode } = traefikPem();

  it.each([
    ['Traefik 2.9.1 and older, which escaped it', () => encodeURIComponent(base64())],
    ['PEM with its markers', () => alice.certificatePem.replaceAll('\n', '')],
    ['a comma at the end', () => `${base64()},`],
    ['a comma at the start', () => `,${base64()}`],
    ['a chain of noise', () => `${base64()},AAAA`],
  ])('T7: refuses %s', (_, value) => {
    expect(refusalOf(() => decode(value())).check).toBe('certificate_header_malformed');
  });
});

describe('awsAlb()', () => {
  const amazon = (pem: string) =>
    encodeURIComponent(pem).replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=');

  it.each([
    ['a chain where the leaf alone is due', () => [awsAlb({ mode: 'verify' }), amazon(alice.chainPem)]],
    ['everything escaped', () => [awsAlb({ mode: 'verify' }), encodeURIComponent(alice.certificatePem)]],
    ['small hex digits', () => [awsAlb({ mode: 'passthrough' }), lowerHex(amazon(alice.chainPem))]],
    ['a chain that ends in noise', () => [awsAlb({ mode: 'passthrough' }), `${amazon(alice.chainPem)}x`]],
  ] as [string, () => [CertificateHeader, string]][])('T7: refuses %s', (_, given) => {
    const [{ decode }, value] = given();
    expect(refusalOf(() => decode(value)).check).toBe('certificate_header_malformed');
  });

  it('T7: does not guess the mode', () => {
    for (const options of [{}, { mode: 'off' }]) expect(() => awsAlb(options as never)).toThrow(TypeError);
  });
});

describe('the name of a header', () => {
  it.each(['', 'X_SSL_Client_Cert', 'X-SSL Client', 'X-SSL:', 'x\n', undefined])('T6: is not %j', (name) => {
    expect(() => nginxEscaped({ name: name as string })).toThrow(TypeError);
    expect(() => haproxyDer({ name: name as string })).toThrow(TypeError);
  });

  it('T6: each value of it is seen, and each twin, in the order sent', () => {
    const raw = ['a', '1', 'client-cert', '2', 'CLIENT-CERT', '3', 'Client_Cert', '4', 'X-Client-Cert', '5'];
    expect(certificateHeadersIn(raw, clientCert())).toEqual({
      values: ['2', '3'],
      twins: ['client_cert'],
      others: ['x-client-cert'],
    });
    expect(certificateHeadersIn(raw, undefined).others).toHaveLength(4);
  });
});

describe('the names that a certificate is handed on under', () => {
  it('T6: are looked at more closely in every spelling, as those of AWS are', () => {
    for (const name of [...CERTIFICATE_HEADER_NAMES, 'x-amzn-mtls-clientcert-leaf']) {
      for (const spelling of [name, name.toUpperCase(), name.replaceAll('-', '_')]) {
        expect(mayBeCertificateHeader(spelling), spelling).toBe(true);
        expect(certificateHeadersIn([spelling, 'x'], undefined).others, spelling).toHaveLength(1);
      }
    }
  });
});
