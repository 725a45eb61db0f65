import { readConfig } from '@partner-ecosystem/platform/config';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { KeySetSource } from './key-set-source.js';
import { keySetSource, partnerKeyVariables } from './partner-key-variables.js';

const source = (env: NodeJS.ProcessEnv) => keySetSource(readConfig(z.object(partnerKeyVariables), env));

it('needs no variable', () => {
  expect(source({})).toBeInstanceOf(KeySetSource);
  expect(source({ PARTNER_KEYS_NETWORKS: '10.1.0.0/16,fd00::/8' })).toBeInstanceOf(KeySetSource);
});

it.each(['10.1.0.0', '10.1.0.0/16, fd00::/8', '*'])('refuses PARTNER_KEYS_NETWORKS=%j', (value) => {
  expect(() => source({ PARTNER_KEYS_NETWORKS: value })).toThrow(/PARTNER_KEYS_NETWORKS/);
});
