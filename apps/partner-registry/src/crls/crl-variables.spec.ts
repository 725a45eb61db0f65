import { readConfig } from '@partner-ecosystem/platform/config';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { crlFetching, crlVariables } from './crl-variables.js';

const read = (env: NodeJS.ProcessEnv) => crlFetching(readConfig(z.object(crlVariables), env));

it('needs no variable: 8 MiB, and public addresses only', () => {
  const { maxBytes, networks, ca } = read({});
  expect([maxBytes, networks.permits('10.1.2.3'), networks.permits('1.1.1.1'), ca]).toEqual([
    8_388_608,
    false,
    true,
    undefined,
  ]);
  const given = read({ CRL_ALLOWED_NETWORKS: '10.1.0.0/16,fd00::/8', CRL_MAX_BYTES: '1024' });
  expect([given.maxBytes, given.networks.permits('10.1.2.3')]).toEqual([1_024, true]);
});

it.each([
  ['CRL_ALLOWED_NETWORKS', '10.1.0.0'],
  ['CRL_ALLOWED_NETWORKS', '10.1.0.0/16, fd00::/8'],
  ['CRL_MAX_BYTES', '8 MiB'],
  ['CRL_MAX_BYTES', '0'],
  ['CRL_MAX_BYTES', '16777217'],
])('refuses %s=%j', (name, value) => {
  expect(() => read({ [name]: value })).toThrow(name);
});
