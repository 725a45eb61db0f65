import { describe, expect, it } from 'vitest';
import { distinguishedNameFromDer } from './distinguished-name-from-der.js';
import { foldedDistinguishedName } from './folded-distinguished-name.js';
import { parseDistinguishedName } from './parse-distinguished-name.js';
import { sameDistinguishedName } from './same-distinguished-name.js';

const folded = (text: string) => foldedDistinguishedName(parseDistinguishedName(text));

describe('the folded text of a name', () => {
  it.each([
    ['CN=Client  A,O= PARTNER ,C=DE', 'CN=client a,O=partner,C=de'],
    ['OU=b+CN=A,DC=Example', 'CN=a+OU=b,DC=example'],
    ['CN=ﬁ\\ ,2.5.4.10=Ü', 'CN=fi,O=ü'],
    ['1.3.6.1.4.1.55555.1=#040161', '1.3.6.1.4.1.55555.1=#040161'],
    ['CN=\\#0500', 'CN=\\#0500'],
    ['CN=A\\,O=b', 'CN=a\\,o=b'],
    ['CN=a\\00B', 'CN=a\\00b'],
  ])('of %s is %s, in every process and every year', (text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  it('is the same for two names exactly when X.501 takes them for the same', () => {
    const texts = [
      'CN=a,O=b',
      'cn=A , o=B',
      'CN=a+O=b',
      'O=B+CN=A',
      'O=b,CN=a',
      'CN=a\\,O=b',
      'CN=a\\+O=b',
      'CN=a\\ ',
      'CN=#0c0161',
      'CN=#040161',
      'CN=\\#040161',
      'CN=a\\00',
      'CN=',
    ];
    const names = [...texts.map(parseDistinguishedName), distinguishedNameFromDer(Buffer.from('3000', 'hex'))];
    for (const a of names)
      for (const b of names)
        expect(foldedDistinguishedName(a) === foldedDistinguishedName(b)).toBe(sameDistinguishedName(a, b));
    expect(new Set(names.map(foldedDistinguishedName)).size).toBe(11);
  });

  it('can be read back as a name that is the same', () => {
    for (const text of ['CN=Ünï 漢字,O=Smith\\, Jones \\+ Co.', 'CN=\\ A \\ ,UID=＃x', 'CN=A\\\\B\\"']) {
      const name = parseDistinguishedName(text);
      expect(sameDistinguishedName(parseDistinguishedName(foldedDistinguishedName(name)), name)).toBe(true);
    }
  });
});
