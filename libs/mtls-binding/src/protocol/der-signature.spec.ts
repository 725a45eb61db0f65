import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derSignature } from './der-signature.js';

const hex = (text: string) => Buffer.from(text, 'hex');
const number = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  // with zeros in front, as one of 256 has
  fc.uint8Array({ minLength: 0, maxLength: 32 }).map((bytes) => [...new Uint8Array(32 - bytes.length), ...bytes]),
);

/** What it stands for, read as X.690 says: minimal lengths, minimal integers, nothing after them. */
function numbersIn(der: Buffer): bigint[] {
  expect([der[0], der[1]]).toEqual([0x30, der.length - 2]);
  const numbers: bigint[] = [];
  for (let at = 2; at < der.length; at += 2 + der[at + 1]!) {
    expect(der[at]).toBe(0x02);
    const content = der.subarray(at + 2, at + 2 + der[at + 1]!);
    expect(content[0]! & 0x80).toBe(0); // positive
    if (content.length > 1) expect(content[0] === 0 && content[1]! < 0x80).toBe(false); // minimal
    numbers.push(BigInt(`0x${content.toString('hex')}`));
  }
  return numbers;
}

describe('R2: an ES256 signature as DER', () => {
  it('is the same two numbers, in the one way DER writes them', () => {
    fc.assert(
      fc.property(number, number, (r, s) => {
        const raw = Buffer.from([...r, ...s]);
        const der = derSignature(raw)!;
        expect(numbersIn(der)).toEqual(
          [raw.subarray(0, 32), raw.subarray(32)].map((n) => BigInt(`0x${n.toString('hex')}`)),
        );
      }),
      { interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
    );
  });

  it.each([
    ['zeros', '00'.repeat(64), '3006020100020100'],
    ['ones in the last place', `${'00'.repeat(31)}01${'00'.repeat(31)}01`, '3006020101020101'],
    ['first bits set', 'ff'.repeat(64), `3046022100${'ff'.repeat(32)}022100${'ff'.repeat(32)}`],
    ['a bit set after zeros', `0080${'00'.repeat(30)}${'00'.repeat(31)}80`, `302602200080${'00'.repeat(30)}02020080`],
  ])('of %s is as written by hand', (_, raw, der) => {
    expect(derSignature(hex(raw))!.toString('hex')).toBe(der);
  });

  it('is one that node:crypto takes for the same', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (let count = 0; count < 300; count += 1) {
      const data = Buffer.from(`message ${count}`);
      const raw = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verify('sha256', data, publicKey, derSignature(raw)!)).toBe(true);
    }
  });

  it.each([0, 1, 32, 63, 65, 70, 72, 96, 128])(
    'is none when it has %i bytes: DER and other curves included',
    (length) => {
      expect(derSignature(Buffer.alloc(length, 1))).toBeUndefined();
    },
  );
});
