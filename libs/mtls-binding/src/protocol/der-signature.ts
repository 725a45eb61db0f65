const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Bytes of each of the two numbers of a P-256 signature. */
const SIZE = 32;

/**
 * The signature of ES256, r and s side by side (RFC 7518 section 3.4), as DER: `SEQUENCE { r INTEGER, s INTEGER }`. An encoding,
 * nothing else: whether the numbers are in range is for whoever verifies.
 * @returns undefined when it is not 64 bytes
 */
export function derSignature(raw: Buffer): Buffer | undefined {
  if (raw.length !== 2 * SIZE) return undefined;
  const [r, s] = [firstByte(raw, 0), firstByte(raw, SIZE)];
  const [rLength, sLength] = [lengthFrom(raw, r, SIZE), lengthFrom(raw, s, 2 * SIZE)];
  const der = Buffer.alloc(6 + rLength + sLength); // zeros: the one before a number whose first bit is set
  der[0] = SEQUENCE;
  der[1] = 4 + rLength + sLength;
  der[2] = INTEGER;
  der[3] = rLength;
  raw.copy(der, 4 + rLength - (SIZE - r), r, SIZE);
  der[4 + rLength] = INTEGER;
  der[5 + rLength] = sLength;
  raw.copy(der, der.length - (2 * SIZE - s), s, 2 * SIZE);
  return der;
}

/** DER writes no leading zeros, but one byte at least. */
function firstByte(raw: Buffer, from: number): number {
  let at = from;
  while (at < from + SIZE - 1 && raw[at] === 0) at += 1;
  return at;
}

/** A number whose first bit is set gets a zero in front: it is positive. */
function lengthFrom(raw: Buffer, first: number, end: number): number {
  return end - first + (raw[first]! >= 0x80 ? 1 : 0);
}
