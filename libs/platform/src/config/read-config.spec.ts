import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ConfigurationError,
  fileText,
  filePath,
  httpsUrl,
  port,
  postgresUrl,
  readConfig,
  servingOptions,
  servingVariables,
} from './index.js';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'platform-config-'));
  file = join(folder, 'text');
  writeFileSync(file, 'content\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(schema: z.ZodType, env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(schema, env);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).faults;
  }
}

describe('readConfig', () => {
  it('reports every fault at once, naming the variable and what is expected', () => {
    const schema = z.object({ ISSUER: httpsUrl(), PORT: port(), KEY_FILE: fileText(), DATABASE_URL: postgresUrl() });
    expect(faultsOf(schema, { PORT: '99999', KEY_FILE: join(folder, 'absent'), DATABASE_URL: 'mysql://x' })).toEqual([
      'ISSUER is not set: expected an https:// URL without user, query, fragment and trailing slash',
      'PORT is not valid: expected a port, a whole number from 0 to 65535',
      'KEY_FILE is not valid: expected the path of a readable text file, but there is no such file',
      'DATABASE_URL is not valid: expected a PostgreSQL URL, postgresql://user:password@host:port/database',
    ]);
  });

  it("never prints a value, not even when somebody's schema quotes it", () => {
    const quoting = z.object({
      SECRET: z
        .string()
        .superRefine((value, context) => context.addIssue({ code: 'custom', message: `bad: ${value}` })),
    });
    expect(faultsOf(quoting, { SECRET: 'hunter2-hunter2' }).join()).not.toContain('hunter2');
    const all = z.object({ ISSUER: httpsUrl(), PORT: port(), KEY_FILE: filePath(), DATABASE_URL: postgresUrl() });
    const env = { ISSUER: 'http://leaked', PORT: 'leaked', KEY_FILE: '/leaked', DATABASE_URL: 'postgres://leaked' };
    const faults = faultsOf(all, env);
    expect(faults).toHaveLength(4);
    expect(faults.join()).not.toContain('leaked');
  });

  it('takes an empty variable as not set and ignores variables it does not know', () => {
    const schema = z.object({ PORT: port().default(8443) });
    expect(readConfig(schema, { PORT: '', HOME: 'elsewhere' })).toEqual({ PORT: 8443 });
  });

  it('hands out a frozen value, nested parts too', () => {
    const schema = z.object({ LIST: z.string().transform((text) => ({ items: text.split(',') })) });
    const config = readConfig(schema, { LIST: 'a,b' });
    expect(Object.isFrozen(config) && Object.isFrozen(config.LIST) && Object.isFrozen(config.LIST.items)).toBe(true);
  });
});

describe('the pieces', () => {
  const accepts = (piece: z.ZodType, value: string) => piece.safeParse(value).success;

  it.each(['https://localhost:8443', 'https://id.example.com/tenant', 'https://[::1]:8443'])(
    'httpsUrl accepts %s',
    (url) => {
      expect(accepts(httpsUrl(), url)).toBe(true);
    },
  );

  it.each([
    'http://a.example',
    'https://',
    'https://a.example/',
    'https://a.example?x',
    'https://a.example#f',
    'https://u:p@a.example',
    ' https://a.example',
  ])('httpsUrl refuses %s', (url) => {
    expect(accepts(httpsUrl(), url)).toBe(false);
  });

  it.each(['-1', '65536', '1e3', '0x10', '8443 ', '12.5', 'abc'])('port refuses %s', (text) => {
    expect(accepts(port(), text)).toBe(false);
  });

  it.each(['postgres://h/db', 'postgresql://u@h', 'postgresql://u:p@/db', 'https://u@h/db'])(
    'postgresUrl refuses %s',
    (url) => {
      expect(accepts(postgresUrl(), url)).toBe(false);
    },
  );

  it('postgresUrl keeps what it accepts', () => {
    const url = 'postgresql://u:p%40@localhost:5432/db?sslmode=verify-full';
    expect(postgresUrl().parse(url)).toBe(url);
  });

  it('fileText gives the content, filePath the path, and neither takes a folder', () => {
    expect(fileText().parse(file)).toBe('content\n');
    expect(filePath().parse(file)).toBe(file);
    expect(accepts(fileText(), folder)).toBe(false);
    expect(accepts(filePath(), folder)).toBe(false);
  });

  it('the serving variables have the documented defaults, and none for the certificate', () => {
    const schema = z.object(servingVariables({ port: 8443, mtlsPort: 9443, managementPort: 9081 }));
    const env = { TLS_CERT_FILE: file, TLS_KEY_FILE: file };
    const tls = { host: '0.0.0.0', certFile: file, keyFile: file };
    expect(readConfig(schema, env).LOG_LEVEL).toBe('info');
    expect(servingOptions(readConfig(schema, env))).toEqual({
      listeners: [
        { ...tls, name: 'tls', port: 8443, requestClientCertificate: false },
        { ...tls, name: 'mtls', port: 9443, requestClientCertificate: true },
      ],
      management: { host: '127.0.0.1', port: 9081 },
      shutdown: { drainMs: 5_000, deadlineMs: 20_000 },
    });
    expect(faultsOf(schema, {}).map((fault) => fault.split(' ')[0])).toEqual(Object.keys(env));
  });
});
