import { describe, expect, it } from 'vitest';
import { identifierInput, identifierOutput, showIdentifier, uuidOf } from './identifier.js';

const UUID = '0198c2f0-1111-7222-8333-0123456789ab';
const SHOWN = 'ptn_0198c2f0111172228333' + '0123456789ab';

describe('identifiers', () => {
  it('are shown as prefix and 32 hexadecimal digits, and read back', () => {
    expect(showIdentifier('ptn', UUID)).toBe(SHOWN);
    expect(uuidOf('ptn', SHOWN)).toBe(UUID);
    expect(identifierInput('ptn').parse(SHOWN)).toBe(UUID);
    expect(identifierOutput('ptn').parse(UUID)).toBe(SHOWN);
  });

  it.each([
    '',
    UUID,
    SHOWN.toUpperCase(),
    `${SHOWN}0`,
    SHOWN.replace('ptn', 'cli'),
    `${SHOWN}\n`,
    'ptn_',
    "ptn_' OR 1=1",
  ])('of another kind or shape are not read: %j', (text) => {
    expect(uuidOf('ptn', text)).toBeUndefined();
    expect(identifierInput('ptn').safeParse(text).success).toBe(false);
  });
});
