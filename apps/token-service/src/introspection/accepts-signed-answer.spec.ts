import { expect, it } from 'vitest';
import { acceptsSignedAnswer } from './accepts-signed-answer.js';

const SIGNED = 'application/token-introspection+jwt';

it.each<[string | undefined, boolean]>([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/*', false],
  ['application/json', false],
  ['application/jwt', false],
  [SIGNED, true],
  [SIGNED.toUpperCase(), true],
  [`${SIGNED};q=0.5`, true],
  [`${SIGNED};q=0`, false],
  [`${SIGNED};q=x`, false],
  [`${SIGNED}, */*;q=0.1`, true],
  [`application/json, ${SIGNED}`, true],
  [`application/json;q=0.9, ${SIGNED};q=0.1`, false],
  [`application/json;q=0.1,${SIGNED} ; q=0.9`, true],
])('A31: Accept: %s', (accept, expected) => expect(acceptsSignedAnswer(accept)).toBe(expected));
