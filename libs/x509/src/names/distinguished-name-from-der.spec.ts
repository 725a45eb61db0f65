import { createAuthority } from '@partner-ecosystem/test-pki';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../certificate/parse-certificate.js';
import { distinguishedNameFromDer } from './distinguished-name-from-der.js';
import { parseDistinguishedName } from './parse-distinguished-name.js';

const fromHex = (hex: string) => distinguishedNameFromDer(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
/** CN with the value given as one DER element */
const commonName = (value: string) => {
  const size = (hex: string) => (hex.length / 2).toString(16).padStart(2, '0');
  const attribute = `0603550403${value}`;
  const rdn = `30${size(attribute)}${attribute}`;
  const name = `31${size(rdn)}${rdn}`;
  return fromHex(`30${size(name)}${name}`);
};

describe('a name in DER', () => {
  it('is read with the last RDN first, as RFC 4514 prints it', () => {
    const name = fromHex('3019 310b3009060355040613024445 310a300806035504030c0161');
    expect(name.text).toBe('CN=a,C=DE');
  });

  it.each([
    ['UTF8String', '0c03c3bc61', 'CN=üa'],
    ['PrintableString', '130161', 'CN=a'],
    ['IA5String', '160161', 'CN=a'],
    ['NumericString', '120131', 'CN=1'],
    ['VisibleString', '1a0161', 'CN=a'],
    ['TeletexString within ASCII', '140161', 'CN=a'],
    ['BMPString', '1e0400fc0061', 'CN=üa'],
    ['UniversalString', '1c040001f600', 'CN=😀'],
  ])('gives the text of a %s', (_, value, text) => {
    expect(commonName(value).text).toBe(text);
  });

  it.each([
    ['an INTEGER', '020105'],
    ['a BIT STRING', '03020780'],
    ['NULL', '0500'],
    ['UTF8String that is no UTF-8', '0c02c328'],
    ['PrintableString beyond ASCII', '1301fc'],
    ["TeletexString beyond ASCII, whose meaning is anybody's guess", '1401fc'],
    ['BMPString of odd length', '1e0161'],
    ['BMPString with half of a character', '1e02d800'],
    ['UniversalString beyond Unicode', '1c0400110000'],
  ])('keeps %s as hex', (_, value) => {
    expect(commonName(value).text).toBe(`CN=#${value}`);
    expect(commonName(value).rdns).toEqual([[{ oid: '2.5.4.3', form: 'der', value: `#${value}` }]]);
  });

  it('keeps a NUL, and what follows it', () => {
    expect(commonName('0c03610062').text).toBe('CN=a\\00b');
    expect(commonName('0c03610062').rdns[0]![0]!.value).toBe('a\0b');
  });

  it('may be empty', () => {
    expect(fromHex('3000')).toEqual({ text: '', rdns: [] });
  });

  it.each([
    ['nothing', ''],
    ['no SEQUENCE', '3100'],
    ['an RDN without attributes', '30023100'],
    ['an attribute without a value', '3009310730050603550403'],
    ['an attribute with two values', '300d310b3009060355040305000500'],
    ['octets behind it', '30000500'],
  ])('is refused when it is %s', (_, hex) => {
    expect(() => fromHex(hex)).toThrow(expect.objectContaining({ name: 'X509Error', code: 'dn_invalid' }));
  });

  it.each([
    'CN=client,O=Partner,C=DE',
    'CN=a+OU=b+UID=c,DC=example,DC=net',
    'CN=Ünï 漢字,O=Smith\\, Jones \\+ Co.',
    'serialNumber=42,organizationIdentifier=PSDDE-BAFIN-123456,emailAddress=a@example.org',
    'CN=\\ edge\\ ,1.3.6.1.4.1.55555.1=plain',
    '1.3.6.1.4.1.55555.1=#03020780',
  ])('of a real certificate has the text it was made from: %s', async (subject) => {
    const { der } = await (await createAuthority({ name: 'Root' })).issueClient({ subject });
    expect(parseCertificate(der).subject).toEqual(parseDistinguishedName(subject));
    expect(parseCertificate(der).subject.text).toBe(subject);
  });
});
