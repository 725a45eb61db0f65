import { expect, it } from 'vitest';
import { oauthErrorFrom } from '../oauth-endpoints/oauth-error-from.js';
import { answeredWithin, DatabaseLateError } from './answered-within.js';

it('an answer in time, good or bad, is the answer', async () => {
  expect(await answeredWithin(60_000, Promise.resolve('here'))).toBe('here');
  await expect(answeredWithin(60_000, Promise.reject(new TypeError('bad')))).rejects.toThrow(TypeError);
});

it('one that is late is 503, and nobody is bothered by how it ends', async () => {
  let fail: (error: Error) => void = () => undefined;
  const answer = new Promise<never>((_, reject) => (fail = reject));
  const late = await answeredWithin(10, answer).catch((error: unknown) => error);
  expect(late).toBeInstanceOf(DatabaseLateError);
  expect(oauthErrorFrom(late)).toMatchObject({ status: 503, error: { check: 'database_unavailable' } });
  fail(new Error('much later'));
  // Node tells of a rejection that nobody handles when the turn ends: vitest would fail the run.
  await new Promise((resolve) => setImmediate(resolve));
});
