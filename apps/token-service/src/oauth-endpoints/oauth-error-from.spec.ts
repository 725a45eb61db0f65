import { RefusedError, RefusedException } from '@partner-ecosystem/mtls-binding';
import { Problem } from '@partner-ecosystem/platform/problem';
import { describe, expect, it } from 'vitest';
import { SigningKeysError } from '../signing-keys/signing-keys-error.js';
import { oauthErrorFrom } from './oauth-error-from.js';
import { invalidClient } from '../oauth-error/oauth-error.js';

const databaseError = (code: string) =>
  Object.assign(new Error('query failed'), { driverError: Object.assign(new Error('private host name'), { code }) });

describe('A24, A30: what was thrown becomes an error of RFC 6749', () => {
  it.each([
    ['its own error', invalidClient('client_unknown', 'private'), 401, 'invalid_client', 'client_unknown'],
    [
      "the guard's",
      new RefusedException(new RefusedError('unauthorized', 'certificate_missing', 'private')),
      401,
      'invalid_client',
      'certificate_missing',
    ],
    [
      'a certificate header that is not accepted here (T6)',
      new RefusedException(new RefusedError('invalid_request', 'certificate_header_unexpected', 'private')),
      400,
      'invalid_request',
      'certificate_header_unexpected',
    ],
    [
      'a body too large',
      new Problem({ status: 413, code: 'body_too_large', detail: 'Too large.' }),
      413,
      'invalid_request',
      'request_malformed',
    ],
    [
      'a foreign content type',
      new Problem({ status: 415, code: 'unsupported_media_type', detail: 'No.' }),
      415,
      'invalid_request',
      'request_malformed',
    ],
    [
      'a database that cannot be reached',
      databaseError('ECONNREFUSED'),
      503,
      'temporarily_unavailable',
      'database_unavailable',
    ],
    ['a database that shuts down', databaseError('57P01'), 503, 'temporarily_unavailable', 'database_unavailable'],
    [
      'signing keys that may be out of date (A28)',
      new SigningKeysError('signing_keys_stale', 'private'),
      503,
      'temporarily_unavailable',
      'signing_keys_stale',
    ],
    ['a fault of ours', databaseError('42P01'), 500, 'server_error', 'internal_error'],
    ['anything else', 'a string', 500, 'server_error', 'internal_error'],
  ])('%s', (_, thrown, status, code, check) => {
    const answer = oauthErrorFrom(thrown);
    expect([answer.status, answer.error.code, answer.error.check]).toEqual([status, code, check]);
    expect(answer.error.description).not.toContain('private');
  });

  it('A11: why a client was refused is the same words for everybody', () => {
    const [one, two] = ['client_unknown', 'certificate_not_registered'].map(
      (check) => invalidClient(check, check).description,
    );
    expect(one).toBe(two);
  });
});
