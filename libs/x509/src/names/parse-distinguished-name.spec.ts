import { describe, expect, it } from 'vitest';
import { X509Error } from '../x509-error.js';
import { parseDistinguishedName } from './parse-distinguished-name.js';

const canonical = (text: string) => parseDistinguishedName(text).text;

describe('an RFC 4514 name', () => {
  // RFC 4514 section 4
  it.each([
    ['UID=jsmith,DC=example,DC=net', 'UID=jsmith,DC=example,DC=net'],
    ['OU=Sales+CN=J.  Smith,DC=example,DC=net', 'CN=J.  Smith+OU=Sales,DC=example,DC=net'],
    ['CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net', 'CN=James \\"Jim\\" Smith\\, III,DC=example,DC=net'],
    ['CN=Before\\0dAfter,DC=example,DC=net', 'CN=Before\\0DAfter,DC=example,DC=net'],
    ['1.3.6.1.4.1.1466.0=#04024869', '1.3.6.1.4.1.1466.0=#04024869'],
    ['CN=Lu\\C4\\8Di\\C4\\87', 'CN=Lučić'],
  ])('of the RFC itself is read: %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('has its RDNs in the order of the text, with dotted OIDs', () => {
    expect(parseDistinguishedName('CN=a+OU=b,C=DE').rdns).toEqual([
      [
        { oid: '2.5.4.3', form: 'text', value: 'a' },
        { oid: '2.5.4.11', form: 'text', value: 'b' },
      ],
      [{ oid: '2.5.4.6', form: 'text', value: 'DE' }],
    ]);
  });

  it('keeps every RDN where there are spaces around separators', () => {
    expect(canonical(' CN = a , O=b  +  OU = c ')).toBe('CN=a,O=b+OU=c');
    expect(canonical(`CN=${' '.repeat(500)}a`)).toBe('CN=a');
  });

  it('takes short names in any case, long names, and dotted OIDs for one another', () => {
    expect(canonical('cn=a,emailAddress=b,organizationIdentifier=c,SERIALNUMBER=d')).toBe(
      'CN=a,emailAddress=b,organizationIdentifier=c,serialNumber=d',
    );
    expect(canonical('2.5.4.3=a,1.2.840.113549.1.9.1=b,2.5.4.97=c,2.5.4.5=d')).toBe(
      'CN=a,emailAddress=b,organizationIdentifier=c,serialNumber=d',
    );
    expect(canonical('commonName=a,E=b,ST=c,STREET=d,DC=e,UID=f,OU=g,L=h')).toBe(
      'CN=a,emailAddress=b,ST=c,STREET=d,DC=e,UID=f,OU=g,L=h',
    );
  });

  it('has one text for one RDN, whatever the order inside', () => {
    expect(canonical('OU=b+CN=a')).toBe(canonical('CN=a+OU=b'));
    expect(canonical('O=b,CN=a')).not.toBe(canonical('CN=a,O=b'));
  });

  it('reads hex of a string as that string, and keeps hex of anything else', () => {
    expect(canonical('CN=#0c0161')).toBe('CN=a');
    expect(canonical('CN=#130161')).toBe('CN=a');
    expect(canonical('CN=#1E020061')).toBe('CN=a');
    expect(canonical('CN=#0403ABCDEF')).toBe('CN=#0403abcdef');
    expect(canonical('CN=#0c02c328')).toBe('CN=#0c02c328');
  });

  it('tells a text that begins with # from hex', () => {
    const text = parseDistinguishedName('CN=\\#0500');
    const hex = parseDistinguishedName('CN=#0500');
    expect(text.text).toBe('CN=\\#0500');
    expect(hex.text).toBe('CN=#0500');
    expect(text.rdns[0]![0]).toEqual({ oid: '2.5.4.3', form: 'text', value: '#0500' });
    expect(hex.rdns[0]![0]).toEqual({ oid: '2.5.4.3', form: 'der', value: '#0500' });
  });

  it.each([
    ['CN=a\\ ', 'a '],
    ['CN=\\ a', ' a'],
    ['CN=\\ ', ' '],
    ['CN=a\\ \\ ', 'a  '],
    ['CN=a\\\\', 'a\\'],
    ['CN=a\\\\ ', 'a\\'],
    ['CN=a\\=b', 'a=b'],
    ['CN=a=b', 'a=b'],
    ['CN=', ''],
    ['CN=a\\00b', 'a\0b'],
    ['CN=\\23a', '#a'],
    ['CN=a#b', 'a#b'],
    ['CN=/CN=x', '/CN=x'],
  ])('unescapes the value of %j to %j', (text, value) => {
    expect(parseDistinguishedName(text).rdns[0]![0]!.value).toBe(value);
  });

  it.each([
    'a',
    ' a ',
    '  ',
    '#',
    '#0',
    '\\',
    '\\ ',
    ',+"\\<>;=',
    'a\0b',
    '\r\n',
    '\u202eevil',
    'Ünï 漢字 😀',
    '\\0A',
    '',
  ])('comes back as it was from its canonical text: %j', (value) => {
    const escapedOctets = Buffer.from(value).toString('hex').replace(/../g, '\\$&');
    const name = parseDistinguishedName(`CN=${escapedOctets}+O=x,C=DE`);
    expect(name.rdns[0]![0]!.value).toBe(value);
    expect(parseDistinguishedName(name.text)).toEqual(name);
  });

  it('shows characters that do not show', () => {
    expect(canonical('CN=a\\E2\\80\\AEb')).toBe('CN=a\\E2\\80\\AEb');
    expect(canonical('CN=a\u200bb')).toBe('CN=a\\E2\\80\\8Bb');
    expect(canonical('CN=a\\00')).toBe('CN=a\\00');
  });
});

describe('a name that is refused', () => {
  it.each([
    ['empty', ''],
    ['only spaces', '  '],
    ['without a type', 'a'],
    ['without a type before =', '=a'],
    ['of an unknown type', 'nonsense=a'],
    ['ending in a comma', 'CN=a,'],
    ['ending in a plus', 'CN=a+'],
    ['beginning with a comma', ',CN=a'],
    ['with two commas', 'CN=a,,O=b'],
    ['with a part that is no attribute', 'CN=a, Inc.,O=b'],
    ['separated by semicolons', 'CN=a;O=b'],
    ['with a quoted value', 'CN="a, b"'],
    ['in the form of openssl', '/C=DE/CN=a'],
    ['with a raw <', 'CN=<a'],
    ['with a raw >', 'CN=a>'],
    ['with a line break', 'CN=a\n'],
    ['with a raw NUL', 'CN=a\0b'],
    ['with a dangling backslash', 'CN=a\\'],
    ['with an escape of a letter', 'CN=a\\x'],
    ['with half an escape', 'CN=a\\0'],
    ['with escaped octets that are no UTF-8', 'CN=a\\C3\\28'],
    ['with half of a character', 'CN=a\ud800'],
    ['with hex of odd length', 'CN=#0c016'],
    ['with hex without digits', 'CN=#'],
    ['with hex that is no DER', 'CN=#0c0261'],
    ['with hex of two elements', 'CN=#0c01610c0162'],
    ['with text behind the hex', 'CN=#0c0161 b'],
    ['with a leading zero in an OID', '2.5.04.3=a'],
    ['with an OID outside X.660', '1.40.1=a'],
    ['with an OID root that does not exist', '3.1=a'],
    ['with an OID of one arc', '2=a'],
    ['with the OID prefix of RFC 1779', 'OID.2.5.4.3=a'],
    ['too long', `CN=${'a'.repeat(9000)}`],
  ])('is one %s', (_, text) => {
    expect(() => parseDistinguishedName(text)).toThrow(
      expect.objectContaining({ name: 'X509Error', code: 'dn_invalid' }),
    );
  });

  it('is not repeated in the message', () => {
    expect(messageOf(() => parseDistinguishedName('CN=ok,secretword=a'))).toBe(
      'not an RFC 4514 name: unknown attribute type at position 6: write its dotted OID',
    );
    expect(messageOf(() => parseDistinguishedName('CN=secretword"'))).not.toContain('secretword');
  });
});

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof X509Error) return error.message;
  }
  throw new Error('nothing was refused');
}
