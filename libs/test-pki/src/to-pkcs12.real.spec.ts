import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { createAuthority, toPkcs12 } from './index.js';

const PASSPHRASE = 'correct horse';

it('a PKCS#12 file is read by the openssl command: the key, its certificate, the chain and the friendly name', async () => {
  const authority = await createAuthority({ name: 'Root', intermediate: true });
  const issued = await authority.issueClient({ subject: 'CN=client,O=Partner' });
  const input = await toPkcs12({ ...issued, passphrase: PASSPHRASE, friendlyName: 'Partner client' });
  const text = execFileSync('openssl', ['pkcs12', '-passin', `pass:${PASSPHRASE}`, '-nodes'], {
    input,
    encoding: 'utf8',
  });
  const leaf = new X509Certificate(/-----BEGIN CERTIFICATE[^]+?END CERTIFICATE-----/.exec(text)![0]);
  expect(leaf.raw.equals(issued.der)).toBe(true);
  expect(leaf.checkPrivateKey(createPrivateKey(/-----BEGIN PRIVATE KEY[^]+END PRIVATE KEY-----/.exec(text)![0]))).toBe(
    true,
  );
  expect(text.split('-----BEGIN CERTIFICATE-----').length - 1).toBe(2);
  expect(text).toContain('friendlyName: Partner client');
});
