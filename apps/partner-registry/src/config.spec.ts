import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bootstrapConfig, serviceConfig } from './config.js';

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

  it.each(['ISSUER', 'JWKS_URI', 'AUDIENCE', 'CERTIFICATE_SOURCE', 'DATABASE_URL', 'TLS_CERT_FILE'])(
    'has no default for %s',
    (name) => expect(() => serviceConfig({ ...complete, [name]: undefined })).toThrow(`${name} is not set`),
  );

  it('knows one source of certificates', () => {
    expect(() => serviceConfig({ ...complete, CERTIFICATE_SOURCE: 'header' })).toThrow('expected one of socket');
  });

  it('lists every fault at once, without values', () => {
    const faulty = { DATABASE_URL: 'postgresql://secret', AUDIENCE: 'http://localhost' };
    expect(() => bootstrapConfig(faulty)).toThrow(/DATABASE_URL is not valid[^]*AUDIENCE is not valid/);
    expect(() => bootstrapConfig(faulty)).not.toThrow(/secret/);
  });
});
