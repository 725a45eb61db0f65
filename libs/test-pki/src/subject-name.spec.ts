import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { subjectName } from './subject-name.js';

const hexOf = (text: string) => Buffer.from(subjectName(text).toArrayBuffer()).toString('hex');

describe('the name of an RFC 4514 text', () => {
  it('keeps every RDN when there are spaces around separators', () => {
    expect(hexOf('CN=a, O = b')).toBe(hexOf('CN=a,O=b'));
    expect(hexOf('CN=a,O=b')).toBe('3018' + '310a3008060355040a0c0162' + '310a300806035504030c0161');
  });

  it('puts the last RDN of the text first in the encoding', () => {
    expect(hexOf('CN=a,C=DE')).toMatch(/^30193[01].*0603550406.*0603550403/);
  });

  it('writes a multi-valued RDN as one sorted SET, whatever the order of the text', () => {
    expect(hexOf('OU=x+CN=a')).toBe(hexOf('CN=a+OU=x'));
    expect(hexOf('CN=a+OU=x')).toBe('30163114' + '300806035504030c0161' + '3008060355040b0c0178');
  });

  it('takes escapes as data: characters, hex pairs, and a space at the end', () => {
    expect(hexOf('CN=a\\,b')).toContain(Buffer.from('a,b').toString('hex'));
    expect(hexOf('CN=Lu\\C4\\8Di\\C4\\87')).toContain(Buffer.from('Lučić').toString('hex'));
    expect(hexOf('CN=a\\ ')).toMatch(/0c026120$/);
    expect(hexOf('CN=a ')).toMatch(/0c0161$/);
  });

  it('takes dotted OIDs and #hex values as they are', () => {
    expect(hexOf('1.3.6.1.4.1.55555.1=#04024869')).toMatch(/06092b0601040183b2030104024869$/);
  });

  it('writes countries as PrintableString, mail addresses as IA5String, the rest as UTF8String', () => {
    expect(hexOf('C=DE')).toContain('13024445');
    expect(hexOf('emailAddress=a@b')).toContain('1603614062');
    expect(hexOf('O=b')).toContain('0c0162');
  });

  it('is empty for an empty text', () => {
    expect(hexOf('')).toBe('3000');
  });

  it.each(['CN', '=a', 'nonsense=a', 'CN=a,'])('refuses %j instead of dropping a part', (text) => {
    expect(() => subjectName(text)).toThrow(TypeError);
  });
});
