import { asDocumented } from '@partner-ecosystem/platform/openapi';
import { z } from 'zod';

/** The number of a record that is written once, counted from 1 without gaps. */
export const sequenceOutput = z.int().min(1);

/** Such a number in a query; 0 is before the first. */
export const sequenceInput = asDocumented(
  z.string().regex(/^(?:0|[1-9]\d{0,14})$/, { error: 'expected a whole number' }),
  { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 },
).transform(Number);
