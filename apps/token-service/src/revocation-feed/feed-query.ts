import type { FeedPosition } from '@partner-ecosystem/mtls-binding';
import { z } from 'zod';

const LONGEST_WAIT_SECONDS = 5;
const number = () => z.string().regex(/^\d{1,15}$/, { error: 'expected a whole number' });

/** What `GET /revocations` takes. One parameter too many, or twice, is refused: it would be taken for something it is not. */
export const feedQuery = z
  .strictObject({
    epoch: z
      .string()
      .regex(/^[\w.~-]{1,128}$/, { error: 'expected an epoch as a statement names it' })
      .describe('Of the statement that is held. Without it, and `since`: every live entry.')
      .optional(),
    since: number().describe('The `seq` of the statement that is held.').optional(),
    wait: number()
      .refine((text) => Number(text) <= LONGEST_WAIT_SECONDS, { error: `expected 0 to ${LONGEST_WAIT_SECONDS}` })
      .describe('Seconds to wait for something newer than `since`, 0 to 5; default 0.')
      .optional(),
  })
  .refine(({ epoch, since }) => (epoch === undefined) === (since === undefined), {
    error: 'epoch and since come together',
    path: ['since'],
  })
  .transform(({ epoch, since, wait = '0' }) => ({
    position: epoch === undefined ? undefined : ({ epoch, seq: Number(since) } satisfies FeedPosition),
    waitMs: Number(wait) * 1_000,
  }));

export type FeedQuery = z.infer<typeof feedQuery>;
