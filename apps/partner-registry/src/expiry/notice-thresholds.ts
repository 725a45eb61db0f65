const DAY_MS = 86_400_000;

/** Days before the end at which a notice is given. */
export const NOTICE_DAYS = [60, 30, 14, 7, 3, 1] as const;

/** How long before the end the first notice is given. */
export const LONGEST_NOTICE_MS = Math.max(...NOTICE_DAYS) * DAY_MS;

/** The nearest notice that is due: with five days left the one of seven. undefined: it is too early, or over. */
export function noticeDue(notAfter: Date, now: Date): number | undefined {
  const left = notAfter.getTime() - now.getTime();
  return left > 0 ? NOTICE_DAYS.findLast((days) => left <= days * DAY_MS) : undefined;
}
