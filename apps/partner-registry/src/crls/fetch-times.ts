const MINUTE = 60_000;
const SHORTEST = MINUTE;
const LONGEST = 6 * 60 * MINUTE;
const LONGEST_BACK_OFF = 60 * MINUTE;

/** When to ask for the next list: at half of a list's time, then at half of what is left, again and again. */
export function nextFetch({ thisUpdate, nextUpdate }: { thisUpdate: Date; nextUpdate: Date }, now: Date): Date {
  const half = (thisUpdate.getTime() + nextUpdate.getTime()) / 2;
  const wait = half > now.getTime() ? half - now.getTime() : (nextUpdate.getTime() - now.getTime()) / 2;
  return new Date(now.getTime() + Math.min(Math.max(wait, SHORTEST), LONGEST));
}

/**
 * When to try again after so many failures in a row: twice as late each time, up to an hour.
 * @param random 0 to 1: up to a quarter more, so that many do not come at once
 */
export function nextAttempt(failures: number, now: Date, random: number): Date {
  const wait = Math.min(SHORTEST * 2 ** Math.min(failures - 1, 30), LONGEST_BACK_OFF);
  return new Date(now.getTime() + wait * (1 + random / 4));
}
