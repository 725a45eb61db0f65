import { describe, expect, it } from 'vitest';
import { OAuthError } from '../oauth-error/oauth-error.js';
import { formBody } from '../oauth-endpoints/form-body.js';
import { parseTokenRequest } from './token-request.js';

const good = 'grant_type=client_credentials&client_id=cli_1';
const assertion = 'client_assertion_type=x&client_assertion=y';

function refusal(form: string, authorization?: string): string {
  try {
    parseTokenRequest(formBody(form), authorization);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    expect(error.description).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/); // RFC 6749 section 5.2
    return `${error.status} ${error.code}`;
  }
}

describe('A24, A30: parseTokenRequest', () => {
  it('reads a request', () => {
    expect(parseTokenRequest(formBody(`${good}&scope=a+b+a&resource=https://api.test/v1`), undefined)).toEqual({
      clientId: 'cli_1',
      scopes: ['a', 'b'],
      resource: 'https://api.test/v1',
      assertion: undefined,
    });
    expect(parseTokenRequest(formBody(good), undefined)).toEqual({
      clientId: 'cli_1',
      scopes: undefined,
      resource: undefined,
      assertion: undefined,
    });
  });

  it('A5, A15: an assertion is one credential, taken as it was sent', () => {
    const sent = `${good}&client_assertion_type=urn:x&client_assertion=a.b.c`;
    expect(parseTokenRequest(formBody(sent), undefined).assertion).toEqual({ type: 'urn:x', value: 'a.b.c' });
  });

  it.each([
    ['an unknown parameter, which is ignored', `${good}&x=1`, 'accepted'],
    ['another grant (A2)', 'grant_type=password&client_id=cli_1', '400 unsupported_grant_type'],
    ['no grant', 'client_id=cli_1', '400 invalid_request'],
    ['no client_id (A10)', 'grant_type=client_credentials', '400 invalid_request'],
    ['nothing', '', '400 invalid_request'],
    ['a repeated client_id (A30)', `${good}&client_id=cli_2`, '400 invalid_request'],
    ['a repeated unknown parameter (A30)', `${good}&x=1&x=2`, '400 invalid_request'],
    ['a repeated parameter with a hostile name', `${good}&%22%5C%0A=1&%22%5C%0A=2`, '400 invalid_request'],
    ['a malformed scope', `${good}&scope=a++b`, '400 invalid_scope'],
    [
      'a parameter without a value, which counts as not sent (RFC 6749 section 3.2)',
      `${good}&scope=&resource=`,
      'accepted',
    ],
    ['a client_id without a value', 'grant_type=client_credentials&client_id=', '400 invalid_request'],
    ['a parameter repeated without a value (A30)', `${good}&x=&x=`, '400 invalid_request'],
    ['two resources (A23)', `${good}&resource=https://a.test&resource=https://b.test`, '400 invalid_target'],
    ['a relative resource (A23)', `${good}&resource=/v1`, '400 invalid_target'],
    ['a resource with a fragment (A23)', `${good}&resource=https://a.test/%23x`, '400 invalid_target'],
    ['a secret (A5, A15)', `${good}&client_secret=x`, '400 invalid_request'],
    ['an assertion and a secret (A15)', `${good}&client_secret=x&${assertion}`, '400 invalid_request'],
    ['an assertion', `${good}&${assertion}`, 'accepted'],
    ['an assertion without its type', `${good}&client_assertion=y`, '400 invalid_request'],
    ['the type of an assertion without one', `${good}&client_assertion_type=x`, '400 invalid_request'],
    ['two assertions (A15, A30)', `${good}&${assertion}&client_assertion=z`, '400 invalid_request'],
  ])('%s', (_, form, expected) => expect(refusal(form)).toBe(expected));

  it.each([good, `${good}&${assertion}`])('a Basic credential is refused (A5, A15): %s', (sent) => {
    expect(refusal(sent, 'Basic YTpi')).toBe('400 invalid_request');
  });

  it.each([undefined, null, 'text', 7, []])('a body that is no form is refused: %j', (body) => {
    expect(() => parseTokenRequest(body, undefined)).toThrow(OAuthError);
  });

  it('a form that names __proto__ changes nothing', () => {
    expect(refusal(`${good}&__proto__=x`)).toBe('accepted');
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});
