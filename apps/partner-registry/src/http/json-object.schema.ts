import { z } from 'zod';

const DEEPEST = 8;
const LONGEST_NAME = 100;
// NUL and lone surrogates are no text to Postgres, and would fail there.
const STORABLE = /^[^\0\p{Cs}]*$/u;

/** A JSON object of whatever shape, for what only the caller understands; bounded, and nothing in it that cannot be stored. */
export function jsonObject(mostOctets: number) {
  return z
    .looseObject({})
    .refine((value) => isStorable(value, DEEPEST), {
      error: `expected at most ${DEEPEST} levels, names of at most ${LONGEST_NAME} characters, finite numbers and proper text`,
      abort: true,
    })
    .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= mostOctets, {
      error: `expected at most ${mostOctets} octets`,
    });
}

function isStorable(value: unknown, levels: number): boolean {
  if (typeof value === 'string') return STORABLE.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.entries(value).every(
    ([name, member]) => name.length <= LONGEST_NAME && STORABLE.test(name) && isStorable(member, levels - 1),
  );
}
