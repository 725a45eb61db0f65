import { generateKeyPairSync } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createLocalJWKSet, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { ISSUER_KEYS } from '../issuer/issuer.module.js';
import { OfferedAlgorithms } from './offered-algorithms.js';

const key = (kid: string): JWK => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
  alg: 'ES256',
  use: 'sig',
});

/** With the keys that an issuer publishes, or the way in which it fails. */
async function offered(keys: JWK[] | Error): Promise<OfferedAlgorithms> {
  const useValue = keys instanceof Error ? () => Promise.reject(keys) : createLocalJWKSet({ keys });

  @Module({ providers: [OfferedAlgorithms, { provide: ISSUER_KEYS, useValue }] })
  class Offering {}

  return (await NestFactory.createApplicationContext(Offering, { logger: false })).get(OfferedAlgorithms);
}

describe('an algorithm is offered', () => {
  it('when the issuer publishes a key of it, or several', async () => {
    for (const keys of [[key('one')], [key('one'), key('two')]]) {
      await expect((await offered(keys)).assertOffered('ES256')).resolves.toBeUndefined();
    }
  });

  it.each<[string, JWK[] | Error]>([
    ['there is none', [key('one')]],
    ['there are no keys at all', []],
    ['nobody can tell', new Error('unreachable')],
  ])('and refused when %s', async (_, keys) => {
    const refused = { code: 'algorithm_not_offered', errors: [{ pointer: '/signing_alg' }] };
    await expect((await offered(keys)).assertOffered('PS256')).rejects.toMatchObject(refused);
  });
});
