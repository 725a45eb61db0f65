import { readConfig } from '@partner-ecosystem/platform/config';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { boundsOf, boundVariables } from './bounds.js';

const read = (env: NodeJS.ProcessEnv) => boundsOf(readConfig(z.object(boundVariables), env));

describe('everything that is bounded', () => {
  it('has a default', () => {
    expect(read({})).toMatchObject({
      registeredClients: { bound: 10_000, maxAgeMs: 30_000, pollMs: 500 },
      authenticationEvents: { queueBound: 100_000, batchMs: 250, keptDays: 90 },
      limits: {
        perClient: { perSecond: 100, burst: 200 },
        perAddress: { perSecond: 1_000, burst: 2_000 },
        concurrent: 500,
      },
    });
  });

  it('is a variable', () => {
    const bounds = read({
      REGISTERED_CLIENTS_KEPT: '1',
      AUTHENTICATION_EVENTS_QUEUED: '2',
      AUTHENTICATION_EVENTS_KEPT_DAYS: '7',
      CLIENT_RATE_PER_SECOND: '3',
      CLIENT_RATE_BURST: '4',
      ADDRESS_RATE_PER_SECOND: '5',
      ADDRESS_RATE_BURST: '6',
      CONCURRENT_REQUESTS: '8',
    });
    expect(bounds).toMatchObject({
      registeredClients: { bound: 1 },
      authenticationEvents: { queueBound: 2, keptDays: 7 },
      limits: { perClient: { perSecond: 3, burst: 4 }, perAddress: { perSecond: 5, burst: 6 }, concurrent: 8 },
    });
  });

  it.each([
    ['REGISTERED_CLIENTS_KEPT', '0'],
    ['AUTHENTICATION_EVENTS_QUEUED', '-1'],
    ['AUTHENTICATION_EVENTS_KEPT_DAYS', '6'],
    ['CLIENT_RATE_PER_SECOND', '1.5'],
    ['CONCURRENT_REQUESTS', 'many'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(new RegExp(name));
  });
});
