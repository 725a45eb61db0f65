import { asDocumented } from '@partner-ecosystem/platform/openapi';
import { z } from 'zod';

// Control characters would be refused by Postgres (NUL) or forge lines in somebody's log; a lone surrogate is no text.
const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
/** Both patterns of a text in one, for the document. */
const ONE_LINE = '^(?=.*\\S)[^\\p{Cc}\\p{Cs}]*$';

/** One line of text for people: not blank, no control characters, at most `max` characters. */
export function text(max: number) {
  const schema = z
    .string()
    .min(1)
    .max(max)
    .regex(PRINTABLE, { error: 'expected text without control characters' })
    .regex(/\S/, { error: 'expected more than blanks' });
  return asDocumented(schema, { type: 'string', minLength: 1, maxLength: max, pattern: ONE_LINE });
}

/** Why somebody changed a status. Kept with the row, so it is never optional. */
export const reasonInput = z.strictObject({ reason: text(500) }).meta({ id: 'Reason' });

export type ReasonInput = z.infer<typeof reasonInput>;

export function reasonExamples(reason: string) {
  return { reason: { summary: 'The reason is kept', value: { reason } } };
}

export const environment = z.enum(['sandbox', 'production']);

export type Environment = z.infer<typeof environment>;

/** An instant in an answer: ISO 8601, UTC. */
export const instantOutput = z
  .date()
  .transform((date) => date.toISOString())
  .pipe(z.string().meta({ format: 'date-time' }));

/** An instant in a request: ISO 8601 with an offset. */
export const instantInput = z.iso.datetime({ offset: true }).transform((instant) => new Date(instant));

/** What every single object carries: `version` is also its ETag. */
export const rowOutput = {
  version: z.int(),
  created_at: instantOutput,
  updated_at: instantOutput,
};

/** The audience of a resource server: an absolute https URI without fragment, compared character by character (RFC 8707). */
export const audience = z
  .string()
  .max(500)
  .regex(/^https:\/\/[^\s?#@"<>\\^`{|}]+$/, {
    error: 'expected an absolute https URI without user, query and fragment',
    abort: true,
  })
  .refine((uri) => URL.canParse(uri), { error: 'expected an absolute https URI' });
