import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { createAuthority } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { APP_NAMES } from '../../stack/topology.js';
import { StackUnderTest } from './stack-under-test.js';
import { scanTls, type TlsScan } from './tls-scan.js';

// The servers of the stack have ECDSA certificates: of T2's four suites two can be agreed.
const T1_AND_T2: TlsScan = {
  SSLv3: [],
  TLSv1: [],
  'TLSv1.1': [],
  'TLSv1.2': ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  'TLSv1.3': ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
};

describe('a TLS scan', () => {
  const stack = new StackUnderTest();

  const listeners = APP_NAMES.flatMap((app) => [
    { app, listener: 'tls', port: Number(stack.running.settings[app]['PORT']) },
    { app, listener: 'mtls', port: Number(stack.running.settings[app]['MTLS_PORT']) },
  ]);

  it.each(listeners)('T1, T2: of $app $listener shows what is allowed and nothing else', async ({ port }) => {
    expect(await scanTls(port)).toEqual(T1_AND_T2);
  });

  it('shows what a careless server does (the scan can fail)', async () => {
    const scan = await scanOf({ minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' });
    expect(scan.TLSv1).toContain('0xc009'); // ECDHE-ECDSA-AES128-SHA
    expect(scan['TLSv1.1']).toContain('0xc00a');
    expect(scan['TLSv1.2']).toContain('0xcca9'); // ChaCha20-Poly1305
    expect(scan['TLSv1.2'].length).toBeGreaterThan(T1_AND_T2['TLSv1.2'].length);
  });

  it('shows that Node would offer more by itself', async () => {
    const scan = await scanOf({});
    expect(scan['TLSv1.2']).toEqual(expect.arrayContaining(T1_AND_T2['TLSv1.2']));
    expect(scan['TLSv1.2'].length).toBeGreaterThan(T1_AND_T2['TLSv1.2'].length);
  });
});

async function scanOf(options: TlsOptions): Promise<TlsScan> {
  const { chainPem: cert, privateKeyPem: key } = await (
    await createAuthority({ name: 'Scanned' })
  ).issueServer({ names: ['localhost'] });
  const server = createServer({ ...options, cert, key });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await scanTls((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}
