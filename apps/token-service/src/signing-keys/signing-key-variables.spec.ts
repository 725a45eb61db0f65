import { readConfig, type ConfigurationError } from '@partner-ecosystem/platform/config';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { SigningKeyPolicy } from './signing-key-policy.js';
import { refuseContradictions, signingKeyPolicy, signingKeyVariables } from './signing-key-variables.js';

const policyFrom = (env: NodeJS.ProcessEnv): SigningKeyPolicy =>
  signingKeyPolicy(readConfig(z.object(signingKeyVariables).superRefine(refuseContradictions), env));

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    policyFrom(env);
    return [];
  } catch (error) {
    return (error as ConfigurationError).faults;
  }
}

it('needs no variable', () => {
  expect(policyFrom({})).toEqual(new SigningKeyPolicy());
});

it('reads durations with a unit and a list of algorithms', () => {
  const policy = policyFrom({
    SIGNING_ALGORITHMS: 'EdDSA,ES256,EdDSA',
    SIGNING_KEY_ROTATION: '7d',
    SIGNING_KEY_PUBLISH_BEFORE_USE: '36h',
    SIGNING_KEY_POLL: '2s',
    SIGNING_KEY_STALE_AFTER: '1m',
  });
  expect(policy).toMatchObject({
    algorithms: ['EdDSA', 'ES256'],
    rotationMs: 604_800_000,
    publishBeforeUseMs: 129_600_000,
    pollMs: 2_000,
    staleAfterMs: 60_000,
  });
});

it.each([
  ['SIGNING_ALGORITHMS', 'RS256', /ES256,PS256,EdDSA/], // A19
  ['SIGNING_ALGORITHMS', 'ES256,none', /ES256,PS256,EdDSA/],
  ['SIGNING_ALGORITHMS', 'ES256, PS256', /without spaces/],
  ['SIGNING_KEY_ROTATION', '30', /a unit/],
  ['SIGNING_KEY_ROTATION', '23h', /more than SIGNING_KEY_PUBLISH_BEFORE_USE/],
  ['SIGNING_KEY_PUBLISH_BEFORE_USE', '5m', /from 900s/],
  ['SIGNING_KEY_POLL', '0s', /from 1s/],
  ['SIGNING_KEY_STALE_AFTER', '1h', /to 600s/],
])('refuses %s=%s', (variable, value, expected) => {
  const faults = faultsOf({ [variable]: value });
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatch(new RegExp(`^${variable} is not valid: `));
  expect(faults[0]).toMatch(expected);
});

it('refuses a bound that a poll or two would break', () => {
  expect(faultsOf({ SIGNING_KEY_POLL: '10s', SIGNING_KEY_STALE_AFTER: '20s' })[0]).toMatch(/three times/);
});
