import { createAuthority, createCertificationRequest, mintCertificate, mintCrl } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { readElements } from './der/der-reader.js';
import {
  checkCertificationRequest,
  checkLeaf,
  distinguishedNameFromDer,
  parseCertificate,
  parseCertificationRequest,
  parseDistinguishedName,
  sameDistinguishedName,
  X509Error,
} from './index.js';
import { judgePath, parseCrl } from './path/index.js';

const SEED = 8705;

describe('whatever the input, the answer is a value or an X509Error', () => {
  it('for DER of random bytes', () => {
    const random = generator(SEED);
    for (let round = 0; round < 5000; round++) {
      const bytes = randomBytes(random, 1 + (random() % 64));
      onlyX509Error(() => readElements(bytes));
      onlyX509Error(() => distinguishedNameFromDer(bytes));
      onlyX509Error(() => parseCertificate(bytes));
    }
  });

  it('for a certificate with octets changed, and what is accepted can be checked and compared', async () => {
    const authority = await createAuthority({ name: 'Root' });
    const { der } = await authority.issueClient({ subject: 'CN=a+OU=b,C=DE', dns: ['a.example'], ip: ['192.0.2.1'] });
    const random = generator(SEED);
    let accepted = 0;
    for (let round = 0; round < 3000; round++) {
      const changed = Buffer.from(der);
      for (let count = 0; count <= random() % 3; count++) changed[random() % changed.length] = random() & 0xff;
      const certificate = onlyX509Error(() => parseCertificate(changed));
      if (certificate === undefined) continue;
      accepted++;
      expect(certificate.der.equals(changed)).toBe(true);
      expect(checkLeaf(certificate, new Date(0))).toHaveLength(8);
      expect(sameDistinguishedName(certificate.subject, certificate.subject)).toBe(true);
    }
    expect(accepted).toBeGreaterThan(100);
  });

  it('for a path of certificates with octets changed', async () => {
    const anchor = await mintCertificate({
      subject: 'CN=Root',
      authority: true,
      nameConstraints: { permitted: [{ dns: 'a.example' }, { dn: 'CN=a' }, { ip: '192.0.2.0/255.255.255.0' }] },
    });
    const names = [{ dns: 'a.example' }, { ip: '192.0.2.1' }, { uri: 'https://a.example' }];
    const leaf = await mintCertificate({ subject: 'CN=a', issuer: anchor, names });
    const random = generator(SEED);
    const changed = (der: Buffer) => {
      const copy = Buffer.from(der);
      for (let count = 0; count <= random() % 3; count++) copy[random() % copy.length] = random() & 0xff;
      return onlyX509Error(() => parseCertificate(copy));
    };
    let [judged, valid] = [0, 0];
    for (let round = 0; round < 1500; round++) {
      const [changedLeaf, changedAnchor] = [changed(leaf.der), changed(anchor.der)];
      const given = { intermediates: [], now: new Date() };
      if (changedLeaf !== undefined) {
        // every octet of a leaf is signed
        expect(judgePath({ ...given, leaf: changedLeaf, anchors: [parseCertificate(anchor.der)] }).valid).toBe(
          changedLeaf.der.equals(leaf.der),
        );
        judged++;
      }
      if (changedAnchor === undefined) continue;
      if (judgePath({ ...given, leaf: parseCertificate(leaf.der), anchors: [changedAnchor] }).valid) valid++;
    }
    expect(judged).toBeGreaterThan(100);
    expect(valid).toBeGreaterThan(0);
  });

  it('for a CRL of random octets, or with octets changed', async () => {
    const issuer = await mintCertificate({ subject: 'CN=Root', authority: true });
    const der = mintCrl({ issuer, revoked: [{ serial: '0a', reason: 1 }, { serial: 'ff' }] });
    const random = generator(SEED);
    let accepted = 0;
    for (let round = 0; round < 3000; round++) {
      onlyX509Error(() => parseCrl(randomBytes(random, 1 + (random() % 64))));
      const changed = Buffer.from(der);
      for (let count = 0; count <= random() % 3; count++) changed[random() % changed.length] = random() & 0xff;
      if (onlyX509Error(() => parseCrl(changed)) !== undefined) accepted++;
    }
    expect(accepted).toBeGreaterThan(100);
  });

  it('for a certification request of random octets, or with octets changed, which then proves nothing', async () => {
    const names = [{ dns: 'a.example' }, { uri: 'urn:a' }, { dn: 'CN=a' }];
    const { der } = await createCertificationRequest({ subject: 'CN=a+OU=b', names, extendedKeyUsage: ['clientAuth'] });
    const random = generator(SEED);
    let accepted = 0;
    for (let round = 0; round < 3000; round++) {
      onlyX509Error(() => parseCertificationRequest(randomBytes(random, 1 + (random() % 64))));
      const changed = Buffer.from(der);
      for (let count = 0; count <= random() % 3; count++) changed[random() % changed.length] = random() & 0xff;
      const request = onlyX509Error(() => parseCertificationRequest(changed));
      if (request === undefined) continue;
      accepted++;
      const [proof] = checkCertificationRequest(request);
      // every octet is signed, or is the signature
      expect(proof!.result).toBe(changed.equals(der) ? 'pass' : 'fail');
    }
    expect(accepted).toBeGreaterThan(100);
  });

  it('for a name of random characters, and what is accepted comes back from its canonical text', () => {
    const random = generator(SEED);
    const pieces = [
      'CN',
      'O',
      '2.5.4.3',
      '=',
      '=',
      '=',
      ',',
      '+',
      '\\',
      '#',
      '0c',
      '0161',
      ' ',
      '"',
      ';',
      'ü',
      '\u202e',
      '\0',
      'a',
    ];
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: 1 + (random() % 10) }, () => pieces[random() % pieces.length]).join('');
      const name = onlyX509Error(() => parseDistinguishedName(text));
      if (name === undefined) continue;
      accepted++;
      expect(parseDistinguishedName(name.text)).toEqual(name);
    }
    expect(accepted).toBeGreaterThan(100);
  });

  it('for nesting without end and lists without end', () => {
    let nested = Buffer.from('3000', 'hex');
    while (nested.length < 30_000)
      nested = Buffer.concat([Buffer.from([0x30, 0x82, nested.length >> 8, nested.length & 0xff]), nested]);
    onlyX509Error(() => parseCertificate(nested));
    onlyX509Error(() => parseCertificate(Buffer.alloc(65_000, 0x30)));
    onlyX509Error(() => parseCertificate('-----BEGIN CERTIFICATE-----'.repeat(2000)));
    onlyX509Error(() => parseCertificationRequest(Buffer.alloc(32_000, 0x30)));
    onlyX509Error(() => parseCertificationRequest('-----BEGIN CERTIFICATE REQUEST-----'.repeat(900)));
    onlyX509Error(() => parseDistinguishedName(`CN=${'\\ '.repeat(4000)}`));
    onlyX509Error(() => parseDistinguishedName(`CN=a${' '.repeat(8000)}b`));
    onlyX509Error(() => parseDistinguishedName('CN=a,'.repeat(1600)));
    onlyX509Error(() => parseDistinguishedName(`${'1.2'.repeat(2000)}`));
  });
});

function onlyX509Error<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(X509Error);
    return undefined;
  }
}

/** xorshift32: the same numbers in every run, so that a failure can be repeated */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function randomBytes(random: () => number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random() & 0xff));
}
