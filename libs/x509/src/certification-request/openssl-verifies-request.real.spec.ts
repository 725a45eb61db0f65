import { spawnSync } from 'node:child_process';
import { createCertificationRequest, type CertificationRequestOptions } from '@partner-ecosystem/test-pki';
import { expect, it } from 'vitest';
import { checkCertificationRequest } from './check-certification-request.js';
import { parseCertificationRequest } from './parse-certification-request.js';

it.each<[string, CertificationRequestOptions, boolean]>([
  ['of P-256', {}, true],
  ['signed with PSS', { key: 'RSA-2048', scheme: 'PSS' }, true],
  ['of Ed25519', { key: 'Ed25519' }, true],
  ['that is forged', { forged: true }, false],
])('A5: a request %s is verified exactly when openssl verifies it', async (_, options, expected) => {
  const { pem } = await createCertificationRequest(options);
  const [proof] = checkCertificationRequest(parseCertificationRequest(pem));
  expect(proof).toMatchObject({ id: 'proof_of_possession', result: expected ? 'pass' : 'fail' });
  expect(opensslVerifies(pem)).toBe(expected);
});

// older versions answer with the words only, and exit with 0 either way
function opensslVerifies(input: string): boolean {
  const { stderr, error } = spawnSync('openssl', ['req', '-verify', '-noout'], { input, encoding: 'utf8' });
  if (error !== undefined) throw error;
  expect(stderr).toMatch(/verify (?:OK|failure)/i);
  return /verify OK/.test(stderr);
}
