import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyEncryptionKey } from '@partner-ecosystem/platform/key-encryption';
import { afterAll, describe, expect, it } from 'vitest';
import { bootstrapConfig, renewalConfig, serviceConfig } from './config.js';

const folder = mkdtempSync(join(tmpdir(), 'partner-registry-config-'));
const file = join(folder, 'file');
writeFileSync(file, 'content');

afterAll(() => rmSync(folder, { recursive: true }));

const complete = {
  PORT: '8444',
  MTLS_PORT: '9444',
  MANAGEMENT_PORT: '9082',
  TLS_CERT_FILE: file,
  TLS_KEY_FILE: file,
  DATABASE_URL: 'postgresql://partner_registry_app:secret@localhost/partner_ecosystem',
  ISSUER: 'https://localhost:8443',
  JWKS_URI: 'https://localhost:8443/jwks',
  ISSUER_CA_FILE: file,
  AUDIENCE: 'https://localhost:9444',
  CERTIFICATE_SOURCE: 'socket',
  CLIENT_ID: `cli_${'0a'.repeat(16)}`,
  CLIENT_CERT_FILE: file,
  CLIENT_KEY_FILE: file,
};

describe('the configuration', () => {
  it('is complete with these, and asks for a certificate on one listener only', () => {
    const config = serviceConfig(complete);
    expect(config.listeners).toMatchObject([
      { name: 'tls', port: 8444, requestClientCertificate: false },
      { name: 'mtls', port: 9444, requestClientCertificate: true },
    ]);
    expect(config.binding).toMatchObject({ issuer: complete.ISSUER, audience: complete.AUDIENCE, issuerCa: 'content' });
  });

  it.each([
    ...['ISSUER', 'JWKS_URI', 'AUDIENCE', 'CERTIFICATE_SOURCE', 'DATABASE_URL', 'TLS_CERT_FILE'],
    ...['CLIENT_ID', 'CLIENT_CERT_FILE', 'CLIENT_KEY_FILE'],
  ])('has no default for %s', (name) =>
    expect(() => serviceConfig({ ...complete, [name]: undefined })).toThrow(`${name} is not set`),
  );

  it('takes only what the bootstrap printed for a client id', () => {
    expect(() => serviceConfig({ ...complete, CLIENT_ID: 'partner-registry' })).toThrow('CLIENT_ID is not valid');
  });

  it('knows one source of certificates', () => {
    expect(() => serviceConfig({ ...complete, CERTIFICATE_SOURCE: 'header' })).toThrow('expected one of socket');
  });

  describe('of the certificate authority', () => {
    const keyFile = join(folder, 'key-encryption-key');
    writeFileSync(keyFile, randomBytes(32).toString('base64url'));

    it('may be left out: no listener without TLS, no key to issue with', () => {
      const config = serviceConfig(complete);
      expect(config.plainListeners).toEqual([{ name: 'http', host: '0.0.0.0', port: undefined }]);
      expect(config.certificateAuthority).toEqual({
        keyEncryptionKey: undefined,
        validityMs: { sandbox: 30 * 86_400_000, production: 90 * 86_400_000 },
        crlValidityMs: 86_400_000,
      });
    });

    it('has its port, its key and its lives', () => {
      const given = { HTTP_PORT: '8084', KEY_ENCRYPTION_KEY_FILE: keyFile, SANDBOX_CERTIFICATE_VALIDITY: '7d' };
      const config = serviceConfig({ ...complete, ...given, CRL_VALIDITY: '6h' });
      expect(config.plainListeners[0]?.port).toBe(8084);
      expect(config.certificateAuthority.keyEncryptionKey).toBeInstanceOf(KeyEncryptionKey);
      expect(config.certificateAuthority).toMatchObject({
        validityMs: { sandbox: 7 * 86_400_000 },
        crlValidityMs: 6 * 3_600_000,
      });
    });

    it.each([
      [{ KEY_ENCRYPTION_KEY_FILE: file }, 'KEY_ENCRYPTION_KEY_FILE'],
      [{ KEY_ENCRYPTION_KEY_PREVIOUS_FILE: keyFile }, 'KEY_ENCRYPTION_KEY_PREVIOUS_FILE'],
      [{ CRL_VALIDITY: '10m' }, 'CRL_VALIDITY'],
      [{ PRODUCTION_CERTIFICATE_VALIDITY: '500d' }, 'PRODUCTION_CERTIFICATE_VALIDITY'],
    ])('is refused as %o', (given, named) => {
      expect(() => serviceConfig({ ...complete, ...given })).toThrow(named);
    });
  });

  describe('of the export of audit heads', () => {
    const keyFile = (name: string, key: KeyObject, type: 'pkcs8' | 'sec1' | 'pkcs1' = 'pkcs8') => {
      const path = join(folder, name);
      writeFileSync(path, key.export({ type: type as 'pkcs8', format: 'pem' }));
      return path;
    };
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const both = { AUDIT_HEAD_EXPORT_DIRECTORY: '/exports', AUDIT_HEAD_KEY_FILE: keyFile('head.key', privateKey) };

    it('is both of its variables, and every quarter of an hour unless told otherwise', () => {
      const { auditHeads } = serviceConfig({ ...complete, ...both });
      expect(auditHeads).toEqual({ directory: '/exports', key: expect.anything(), intervalMs: 900_000 });
      expect(auditHeads!.key.equals(privateKey)).toBe(true);
      const hourly = serviceConfig({ ...complete, ...both, AUDIT_HEAD_INTERVAL: '1h' });
      expect(hourly.auditHeads?.intervalMs).toBe(3_600_000);
    });

    it('is neither of them, or refused: one alone would look like an export and be none', () => {
      expect(serviceConfig(complete).auditHeads).toBeUndefined();
      for (const name of Object.keys(both)) {
        const one = { ...complete, ...both, [name]: undefined };
        expect(() => serviceConfig(one)).toThrow(new RegExp(`^${name} is not set: .+both, or neither$`));
      }
    });

    it('takes a P-256 private key in PKCS#8 and nothing else, and repeats nothing of it', () => {
      const { privateKey: larger } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
      const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const publicFile = join(folder, 'head.pub');
      writeFileSync(publicFile, publicKey.export({ type: 'spki', format: 'pem' }));
      const refused = [
        keyFile('p384', larger),
        keyFile('rsa', rsa),
        keyFile('sec1', privateKey, 'sec1'),
        publicFile,
        file,
      ];
      for (const path of refused) {
        const refusal = () => serviceConfig({ ...complete, ...both, AUDIT_HEAD_KEY_FILE: path });
        expect(refusal, path).toThrow(
          /^AUDIT_HEAD_KEY_FILE is not valid: expected a P-256 private key in a PKCS#8 PEM file/,
        );
        expect(refusal).not.toThrow(/BEGIN/);
      }
    });

    it.each(['0s', '25h', '15', '1d', '-1m', '1.5h'])('does not take %s for an interval', (text) => {
      const given = { ...complete, ...both, AUDIT_HEAD_INTERVAL: text };
      expect(() => serviceConfig(given)).toThrow('AUDIT_HEAD_INTERVAL is not valid');
    });
  });

  it('lists every fault at once, without values', () => {
    const faulty = { DATABASE_URL: 'postgresql://secret', AUDIENCE: 'http://localhost' };
    expect(() => bootstrapConfig(faulty)).toThrow(/DATABASE_URL is not valid[^]*AUDIENCE is not valid/);
    expect(() => bootstrapConfig(faulty)).not.toThrow(/secret/);
  });

  it('of the bootstrap names the token service: its routes are a resource server too', () => {
    const { ISSUER, ...rest } = complete;
    expect(bootstrapConfig(complete)).toMatchObject({ issuer: ISSUER, audience: complete.AUDIENCE });
    expect(() => bootstrapConfig(rest)).toThrow('ISSUER is not set');
  });

  it('of the renewal of its own client may leave that one out', () => {
    const { CLIENT_ID: clientId, ...rest } = complete;
    expect(renewalConfig(complete)).toMatchObject({ clientId, issuer: complete.ISSUER, audience: complete.AUDIENCE });
    expect(renewalConfig(rest).clientId).toBeUndefined();
    const faulty = { ...rest, CLIENT_ID: 'registry', ISSUER: 'issuer' };
    expect(() => renewalConfig(faulty)).toThrow(/ISSUER is not valid[^]*CLIENT_ID is not valid/);
  });
});
