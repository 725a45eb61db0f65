import { describe, expect, it } from 'vitest';
import { claimsIn, readCompactJws } from './compact-jws.js';
import { RefusedError } from './errors.js';

const encoded = (part: string | Buffer) => Buffer.from(part).toString('base64url');
const HEADER = encoded('{"alg":"ES256"}');
const CLAIMS = encoded('{"iss":"é"}');
const SIGNATURE = encoded(Buffer.alloc(64, 7));

function checkOf(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    if (error instanceof RefusedError) return `${error.code} ${error.check}`;
    throw error;
  }
}

describe('R3: a compact JWS', () => {
  it('is taken apart into what was signed and what says so', () => {
    const jws = readCompactJws(`${HEADER}.${CLAIMS}.${SIGNATURE}`);
    expect(jws.header).toEqual({ alg: 'ES256' });
    expect(jws.signingInput.toString('latin1')).toBe(`${HEADER}.${CLAIMS}`);
    expect(jws.signature).toEqual(Buffer.alloc(64, 7));
    expect(jws.parts).toEqual({ protected: HEADER, payload: CLAIMS, signature: SIGNATURE });
    expect(claimsIn(jws)).toEqual({ iss: 'é' });
  });

  it.each([
    ['nothing', ''],
    ['one part', HEADER],
    ['two parts', `${HEADER}.${CLAIMS}`],
    ['four parts', `${HEADER}.${CLAIMS}.${SIGNATURE}.${SIGNATURE}`],
    ['no header', `.${CLAIMS}.${SIGNATURE}`],
    ['no payload: detached', `${HEADER}..${SIGNATURE}`],
    ['white space around it', ` ${HEADER}.${CLAIMS}.${SIGNATURE}`],
    ['a line break at its end', `${HEADER}.${CLAIMS}.${SIGNATURE}\n`],
    ['white space in a part', `${HEADER}.${CLAIMS.slice(0, 4)} ${CLAIMS.slice(4)}.${SIGNATURE}`],
    ['a padded header', `${HEADER}=.${CLAIMS}.${SIGNATURE}`],
    ['padded claims', `${HEADER}.${CLAIMS}=.${SIGNATURE}`],
    ['a padded signature', `${HEADER}.${CLAIMS}.${SIGNATURE}==`],
    ['the other alphabet', `${HEADER}.${CLAIMS}.${'+/'.repeat(43)}`],
    ['letters beyond ASCII', `${HEADER}.${CLAIMS}.é${SIGNATURE.slice(1)}`],
    ['a signature whose unused bits are set', `${HEADER}.${CLAIMS}.${SIGNATURE.slice(0, -1)}x`],
    ['a signature of one character', `${HEADER}.${CLAIMS}.A`],
    ['a header that is a list', `${encoded('[]')}.${CLAIMS}.${SIGNATURE}`],
    ['a header that is null', `${encoded('null')}.${CLAIMS}.${SIGNATURE}`],
    ['a header that is a text', `${encoded('"alg"')}.${CLAIMS}.${SIGNATURE}`],
    ['a header with more after it', `${encoded('{}{}')}.${CLAIMS}.${SIGNATURE}`],
    ['a header with a byte order mark', `${encoded('\ufeff{}')}.${CLAIMS}.${SIGNATURE}`],
    ['a header of broken UTF-8', `${encoded(Buffer.from('7b2261223a22ff227d', 'hex'))}.${CLAIMS}.${SIGNATURE}`],
    ['crit', `${encoded('{"crit":["exp"]}')}.${CLAIMS}.${SIGNATURE}`],
    ['crit with an extension that RFC 7797 names', `${encoded('{"crit":["b64"],"b64":true}')}.${CLAIMS}.${SIGNATURE}`],
    ['crit null', `${encoded('{"crit":null}')}.${CLAIMS}.${SIGNATURE}`],
    ['b64 without crit', `${encoded('{"b64":false}')}.${CLAIMS}.${SIGNATURE}`],
  ])('is refused with %s', (_, text) => {
    expect(checkOf(() => readCompactJws(text))).toBe('invalid_token token_malformed');
  });

  it.each([
    ['a list', '[1]'],
    ['null', 'null'],
    ['a text', '"iss"'],
    ['no JSON', 'iss'],
    ['broken UTF-8', Buffer.from('7b2261223a22ff227d', 'hex')],
  ])('claims that are %s are refused', (_, claims) => {
    const jws = readCompactJws(`${HEADER}.${encoded(claims)}.${SIGNATURE}`);
    expect(checkOf(() => claimsIn(jws))).toBe('invalid_token token_malformed');
  });
});
