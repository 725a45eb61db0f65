import { distinguishedNameFromDer, parseDistinguishedName } from '@partner-ecosystem/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameDer } from './name-der.js';

const roundTrip = (text: string) => distinguishedNameFromDer(nameDer(parseDistinguishedName(text))).text;

describe('a name as DER is read back as the same name', () => {
  it.each([
    'CN=cli_0123,O=Acme Logistics',
    'CN=a,O=\\ b\\ ',
    'CN=Müller\\, Söhne \\+ Co.,O=Łódź 運送,C=PL',
    'CN=a+OU=b+serialNumber=12,O=c',
    'CN=\\#hash\\+plus\\;semi\\<lt\\>gt\\"quote\\\\back',
    'CN=new\\0Aline,O=\\E2\\80\\AEbidi',
    'DC=example,DC=org,emailAddress=a@b.example,CN=x',
    'emailAddress=ü@b.example,C=Ü,CN=types that cannot hold it',
    '1.2.3.4.5.99999999999=x,2.999.1=y,2.5.4.97=PSDPL-1',
    'CN=#0403010203,O=octets',
    `CN=${'x'.repeat(300)},O=long`,
  ])('%s', (text) => {
    expect(roundTrip(text)).toBe(parseDistinguishedName(text).text);
  });

  it('whatever the values are', () => {
    const character = fc.integer({ min: 0, max: 0x10ffff }).filter((point) => point < 0xd800 || point > 0xdfff);
    const value = fc.array(character, { minLength: 1, maxLength: 12 }).map((points) => String.fromCodePoint(...points));
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), (rdns) => {
        const name = {
          rdns: rdns.map((values) => values.map((text) => ({ oid: '2.5.4.10', form: 'text' as const, value: text }))),
        };
        const read = distinguishedNameFromDer(nameDer(name)).rdns;
        const sorted = (values: readonly { value: string }[]) => values.map((one) => one.value).toSorted();
        expect(read.map(sorted)).toEqual(name.rdns.map(sorted));
      }),
      { interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
    );
  });

  it('has the string types that RFC 5280 asks for', () => {
    const der = nameDer(parseDistinguishedName('CN=ü,DC=a,C=DE'));
    expect(der.toString('latin1')).toContain('\x13\x02DE');
    expect(der.toString('latin1')).toContain('\x16\x01a');
    expect(der.toString('latin1')).toContain('\x0c\x02Ã¼');
  });
});
