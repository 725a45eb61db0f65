import { expect, it } from 'vitest';
import { assertSupportedVersion } from './supported-version.js';

it.each([180000, 180004, 190001, 200000])('takes PostgreSQL 18 and newer (%i)', (version) => {
  expect(() => assertSupportedVersion(version)).not.toThrow();
});

it.each([
  [170006, 'PostgreSQL 17.6'],
  [160010, 'PostgreSQL 16.10'],
  [90624, 'PostgreSQL number 90624'],
  [0, 'PostgreSQL number 0'],
])('refuses an older one and says what it found (%i)', (version, found) => {
  expect(() => assertSupportedVersion(version)).toThrow(
    expect.objectContaining({
      code: 'postgres_too_old',
      message: `The server is ${found}, but 18 or newer is needed: upgrade it or use another server.`,
    }) as Error,
  );
});
