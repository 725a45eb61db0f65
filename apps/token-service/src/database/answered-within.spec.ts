import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { oauthErrorFrom } from '../oauth-error/oauth-error-from.js';
import { answeredWithin, DatabaseLateError } from './answered-within.js';

it('an answer in time, good or bad, is the answer', async () => {
  expect(await answeredWithin(1_000, sleep(1, 'here'))).toBe('here');
  await expect(answeredWithin(1_000, Promise.reject(new TypeError('bad')))).rejects.toThrow(TypeError);
});

it('one that is late is 503, and nobody is bothered by how it ends', async () => {
  const failing = sleep(30).then(() => Promise.reject(new Error('much later')));
  const late = await answeredWithin(10, failing).catch((error: unknown) => error);
  expect(late).toBeInstanceOf(DatabaseLateError);
  expect(oauthErrorFrom(late)).toMatchObject({ status: 503, error: { check: 'database_unavailable' } });
  await sleep(40);
});
