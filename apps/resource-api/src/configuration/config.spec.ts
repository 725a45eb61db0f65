import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceConfig } from './config.js';

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'resource-api-config-'));
  const file = join(folder, 'file.pem');
  writeFileSync(file, 'content');
  env = {
    PORT: '8445',
    MTLS_PORT: '9445',
    MANAGEMENT_PORT: '9083',
    TLS_CERT_FILE: file,
    TLS_KEY_FILE: file,
    DATABASE_URL: 'postgresql://resource_api_app:secret@localhost:5432/partner_ecosystem',
    ISSUER: 'https://localhost:8443',
    JWKS_URI: 'https://localhost:8443/jwks',
    ISSUER_CA_FILE: file,
    AUDIENCE: 'https://localhost:9445',
    CERTIFICATE_SOURCE: 'socket',
    CLIENT_ID: `cli_${'0a'.repeat(16)}`,
    CLIENT_CERT_FILE: file,
    CLIENT_KEY_FILE: file,
  };
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('the configuration', () => {
  it('asks for a client certificate on the listener mtls only', () => {
    const { listeners, binding } = serviceConfig(env);
    expect(listeners.map(({ name, port, requestClientCertificate }) => [name, port, requestClientCertificate])).toEqual(
      [
        ['tls', 8445, false],
        ['mtls', 9445, true],
      ],
    );
    expect(binding).toMatchObject({ issuer: 'https://localhost:8443', issuerCa: 'content' });
  });

  it.each([
    ...['ISSUER', 'JWKS_URI', 'AUDIENCE', 'CERTIFICATE_SOURCE', 'DATABASE_URL'],
    ...['CLIENT_ID', 'CLIENT_CERT_FILE', 'CLIENT_KEY_FILE'],
  ])('has no default for %s: security hangs on it', (name) => {
    expect(() => serviceConfig({ ...env, [name]: undefined })).toThrow(new RegExp(`^${name} is not set`));
  });

  it.each([
    ['CERTIFICATE_SOURCE', 'header'],
    ['AUDIENCE', 'https://localhost:9445/shipments'],
    ['JWKS_URI', 'http://localhost:8443/jwks'],
    ['CLIENT_ID', '019ab3c4-0000-7000-8000-00000000000a'],
    ['CLIENT_KEY_FILE', '/nowhere/client.key'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => serviceConfig({ ...env, [name]: value })).toThrow(new RegExp(`^${name} is not valid`));
  });
});
