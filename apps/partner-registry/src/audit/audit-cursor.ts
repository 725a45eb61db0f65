import { z } from 'zod';
import { pageParameters } from '../http/page.js';
import { sequenceInput } from '../http/sequence.schema.js';

/** Opaque like every other cursor; inside is the number of the last event shown. */
export function cursorAfter(seq: number): string {
  return Buffer.from(`s:${seq}`).toString('base64url');
}

/** Limit and cursor of a list in the order of the chain. */
export const auditPageParameters = {
  limit: pageParameters.limit,
  cursor: z
    .string()
    .max(100)
    .refine((cursor) => seqBefore(cursor) !== undefined, {
      error: 'expected the cursor of a previous answer, unchanged',
    })
    .optional()
    .describe('`next_cursor` of the page before.'),
};

export function seqBefore(cursor: string): number | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const seq = text.startsWith('s:') ? sequenceInput.safeParse(text.slice(2)).data : undefined;
  return seq !== undefined && cursorAfter(seq) === cursor ? seq : undefined;
}
