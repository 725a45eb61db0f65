import type { Certificate } from './certificate.entity.js';

/** From when until when, in milliseconds, a certificate can be used as it is planned; a date of its own first. */
export interface UseWindow {
  readonly from: number;
  readonly until: number;
}

type Planned = Pick<Certificate, 'status' | 'activate_at' | 'retire_at' | 'not_after'>;

/** undefined: it is not in use, and no date says that it will be. */
export function useWindowOf({ status, activate_at, retire_at, not_after }: Planned): UseWindow | undefined {
  const until = Math.min(not_after.getTime(), retire_at?.getTime() ?? Infinity);
  if (status === 'active') return { from: -Infinity, until };
  return status === 'pending' && activate_at ? { from: activate_at.getTime(), until } : undefined;
}

/** Whether it is in use now, whatever a job has written by now. */
export function isInUse(certificate: Planned, now: Date): boolean {
  const window = useWindowOf(certificate);
  return window !== undefined && covers(window, now.getTime());
}

/** Whether one more certificate can be in use for a time, besides the others that a client planned for. */
export function hasRoom(
  { max_active_certificates: most }: { readonly max_active_certificates: number },
  others: readonly Planned[],
  time: UseWindow,
): boolean {
  const windows = others.map(useWindowOf).filter((window) => window !== undefined);
  return mostAtOnce(windows, time) < most;
}

/** How many of these are in use together at most, at some moment of another one's time. */
export function mostAtOnce(others: readonly UseWindow[], time: UseWindow): number {
  // it only ever grows where one begins
  const beginnings = others.map(({ from }) => from).filter((from) => from > time.from && from < time.until);
  return Math.max(...[time.from, ...beginnings].map((moment) => others.filter((it) => covers(it, moment)).length));
}

function covers({ from, until }: UseWindow, moment: number): boolean {
  return from <= moment && moment < until;
}
