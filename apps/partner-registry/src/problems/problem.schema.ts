import { z } from 'zod';

/** One stable code, explained. */
export const problemExplanation = z.object({
  code: z.string(),
  title: z.string(),
  status: z.int(),
  explanation: z.string(),
});

export type ProblemExplanation = z.infer<typeof problemExplanation>;
