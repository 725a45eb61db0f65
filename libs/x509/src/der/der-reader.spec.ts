import { describe, expect, it } from 'vitest';
import { childrenOf, readElement, readElements, tag } from './der-reader.js';
import { booleanOf, integerHexOf, namedBitsOf, objectIdentifierOf, timeOf } from './der-values.js';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const element = (hex: string) => readElements(bytes(hex))[0]!;
const refusal = expect.objectContaining({ name: 'X509Error', code: 'der_malformed' });

describe('the DER reader', () => {
  it('reads elements to the last octet, and the elements inside', () => {
    const outer = readElement(bytes('3006 020105 0101ff'), tag.sequence);
    expect(childrenOf(outer, tag.sequence).map(({ identifier }) => identifier)).toEqual([tag.integer, tag.boolean]);
    expect(outer.encoded.toString('hex')).toBe('30060201050101ff');
    expect(readElements(bytes(''))).toEqual([]);
  });

  it('reads lengths in their shortest form', () => {
    expect(element(`0481 80 ${'00'.repeat(128)}`).content).toHaveLength(128);
    expect(element(`0482 0100 ${'00'.repeat(256)}`).content).toHaveLength(256);
    expect(element(`047f ${'00'.repeat(127)}`).content).toHaveLength(127);
  });

  it.each([
    ['a length longer than needed', `0481 7f ${'00'.repeat(127)}`],
    ['a length with a leading zero', `0482 0080 ${'00'.repeat(128)}`],
    ['an indefinite length', '3080 020105 0000'],
    ['a length of five octets', '0485 0000000001 00'],
    ['a length without its octets', '0482 01'],
    ['content longer than the input', '0402 00'],
    ['an identifier alone', '30'],
    ['an identifier of several octets', '1f8101 00'],
    ['an end-of-contents mark', '0000'],
  ])('refuses %s', (_, hex) => {
    expect(() => readElements(bytes(hex))).toThrow(refusal);
  });

  it('refuses anything behind the one element asked for, nothing at all, and another element', () => {
    expect(() => readElement(bytes('3000 0500'), tag.sequence)).toThrow(refusal);
    expect(() => readElement(bytes(''), tag.sequence)).toThrow(refusal);
    expect(() => readElement(bytes('3100'), tag.sequence)).toThrow(refusal);
  });

  it('does not look inside before it is asked to', () => {
    const outer = readElement(bytes('3002 04ff'), tag.sequence);
    expect(() => childrenOf(outer, tag.sequence)).toThrow(refusal);
  });
});

describe('DER values', () => {
  it.each([
    ['0603 550403', '2.5.4.3'],
    ['0609 2a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['0602 8837', '2.999'],
    ['0601 27', '0.39'],
    // X.667's own example: an arc wider than a JavaScript number
    ['0614 6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776', '2.25.329800735698586629295641978511506172918'],
  ])('reads the object identifier %s as %s', (hex, dotted) => {
    expect(objectIdentifierOf(element(hex))).toBe(dotted);
  });

  it.each(['0600', '0602 5580', '0603 558001', `0681 81 ${'55'.repeat(129)}`, '0403 550403'])(
    'refuses the object identifier %s',
    (hex) => {
      expect(() => objectIdentifierOf(element(hex))).toThrow(refusal);
    },
  );

  it('knows two booleans only', () => {
    expect([booleanOf(element('0101ff')), booleanOf(element('010100'))]).toEqual([true, false]);
    expect(() => booleanOf(element('010101'))).toThrow(refusal);
    expect(() => booleanOf(element('0102ffff'))).toThrow(refusal);
  });

  it('reads integers without the octet that is only a sign, and refuses padding', () => {
    expect(['020100', '02020080', '0201ff'].map((hex) => integerHexOf(element(hex)))).toEqual(['00', '80', 'ff']);
    for (const hex of ['0200', '02020001', '0202ff80']) expect(() => integerHexOf(element(hex))).toThrow(refusal);
  });

  it('reads named bits, and refuses bits beyond the end', () => {
    expect(namedBitsOf(element('0302 0780'))).toEqual([0]);
    expect(namedBitsOf(element('0303 070080'))).toEqual([8]);
    expect(namedBitsOf(element('0301 00'))).toEqual([]);
    for (const hex of ['0300', '0302 0880', '0302 0781', '0301 01']) {
      expect(() => namedBitsOf(element(hex))).toThrow(refusal);
    }
  });

  it('reads the two times of RFC 5280, with its turn of the century', () => {
    const time = (identifier: number, text: string) =>
      timeOf({ identifier, content: Buffer.from(text), encoded: Buffer.alloc(0) });
    expect(time(tag.utcTime, '491231235959Z').toISOString()).toBe('2049-12-31T23:59:59.000Z');
    expect(time(tag.utcTime, '500101000000Z').toISOString()).toBe('1950-01-01T00:00:00.000Z');
    expect(time(tag.generalizedTime, '20500101000000Z').toISOString()).toBe('2050-01-01T00:00:00.000Z');
    expect(() => time(tag.utcTime, '4912312359Z')).toThrow(refusal);
    expect(() => time(tag.utcTime, '491231235959+0100')).toThrow(refusal);
    expect(() => time(tag.generalizedTime, '20500101000000.5Z')).toThrow(refusal);
    expect(() => time(tag.generalizedTime, '20260231000000Z')).toThrow(refusal);
    expect(() => time(tag.utf8String, '20500101000000Z')).toThrow(refusal);
  });
});
