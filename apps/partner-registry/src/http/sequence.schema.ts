import { z } from 'zod';

/** The number of a record that is written once, counted from 1 without gaps. */
export const sequenceOutput = z.int().min(1);

/** Such a number in a query; 0 is before the first. */
export const sequenceInput = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,14})$/, { error: 'expected a whole number' })
  .transform(Number);
