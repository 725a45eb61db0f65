import { describe, expect, it } from 'vitest';
import { distinguishedNameFromDer } from './distinguished-name-from-der.js';
import { parseDistinguishedName } from './parse-distinguished-name.js';
import { sameDistinguishedName } from './same-distinguished-name.js';

const same = (a: string, b: string) => sameDistinguishedName(parseDistinguishedName(a), parseDistinguishedName(b));

describe('two names are the same by X.501', () => {
  it.each([
    ['whatever their case', 'CN=Client,O=Partner', 'cn=CLIENT,o=partner'],
    ['whatever the length of inner spaces', 'CN=a  b', 'CN=a b'],
    ['whatever the spaces at the edges of values', 'CN=\\ a\\ ', 'CN=a'],
    ['whatever kind of space', 'CN=a\u00a0b', 'CN=a b'],
    ['whatever the order inside an RDN', 'CN=a+OU=b,C=DE', 'OU=b+CN=a,C=DE'],
    ['whether short name or OID', 'CN=a', '2.5.4.3=a'],
    ['whatever the ASN.1 string type', 'CN=#0c0161', 'CN=#130161'],
    ['whether text or hex of that text', '1.3.6.1.4.1.55555.1=a', '1.3.6.1.4.1.55555.1=#0c0141'],
    ['whatever the composition of characters', 'CN=u\u0308', 'CN=Ü'],
    ['whatever the compatibility form', 'CN=ﬁ', 'CN=fi'],
    ['whatever the sigma at the end of a word', 'CN=ΟΔΟΣ', 'CN=οδοσ'],
    ['whatever the case of hex digits', 'CN=#0403ABCDEF', 'CN=#0403abcdef'],
  ])('%s', (_, a, b) => {
    expect(same(a, b)).toBe(true);
    expect(same(b, a)).toBe(true);
  });

  it.each([
    ['the order of RDNs', 'CN=a,O=b', 'O=b,CN=a'],
    ['another value', 'CN=a', 'CN=b'],
    ['another type', 'CN=a', 'OU=a'],
    ['one RDN more', 'CN=a', 'CN=a,O=b'],
    ['one attribute more in an RDN', 'CN=a', 'CN=a+O=b'],
    ['one RDN of two attributes, against two RDNs', 'CN=a+O=b', 'CN=a,O=b'],
    ['the same attribute twice', 'CN=a+CN=a', 'CN=a'],
    ['a space, against none', 'CN=a b', 'CN=ab'],
    ['a NUL', 'CN=a\\00b', 'CN=a'],
    ['a character that does not show', 'CN=a\\E2\\80\\8B', 'CN=a'],
    ['text that looks like hex', 'CN=\\#0500', 'CN=#0500'],
    ['text that looks like another RDN', 'CN=a\\,O=b', 'CN=a,O=b'],
    ['text that looks like another attribute', 'CN=a\\+O=b', 'CN=a+O=b'],
    ['a letter of another alphabet', 'CN=a', 'CN=\u0430'],
    ['values that are not text', 'CN=#040161', 'CN=a'],
  ])('not with %s', (_, a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });

  it('not an empty one and any other', () => {
    const empty = distinguishedNameFromDer(Buffer.from('3000', 'hex'));
    expect(sameDistinguishedName(empty, parseDistinguishedName('CN='))).toBe(false);
    expect(sameDistinguishedName(empty, empty)).toBe(true);
  });
});
