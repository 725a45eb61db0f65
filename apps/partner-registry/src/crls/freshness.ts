import type { HeldCrl } from '../records/held-crl.entity.js';

export const FRESHNESS = ['fresh', 'due', 'stale', 'missing'] as const;

export type Freshness = (typeof FRESHNESS)[number];

/** Of the time from one list to the next. */
const LAST_QUARTER = 1 / 4;
const LAST_MOMENTS = 1 / 20;

/**
 * How a list is at a moment. `due`: the next one should be there. Where places are asked and answer, many authorities
 * publish late, so that only the last twentieth of its time counts; where asking fails, or nobody asks, the last quarter.
 */
export function freshnessOf({ this_update: from, next_update: until, uri, failures }: Dated, now: Date): Freshness {
  if (from === null || until === null) return 'missing';
  if (now > until) return 'stale';
  const part = uri === null || failures > 0 ? LAST_QUARTER : LAST_MOMENTS;
  return until.getTime() - now.getTime() < (until.getTime() - from.getTime()) * part ? 'due' : 'fresh';
}

type Dated = Pick<HeldCrl, 'this_update' | 'next_update' | 'uri' | 'failures'>;
