import type { Certificate } from '../records/certificate.entity.js';

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

/** Places for certificates in use. */
export interface Room {
  readonly taken: number;
  readonly most: number;
}

/** Whether one more certificate can be in use for a time, besides the others that a client planned for. */
export function hasRoom(client: Limited, others: readonly Planned[], time: UseWindow): boolean {
  const { taken, most } = roomObserved(client, others, time);
  return taken < most;
}

/** How much of a client's room the others take during that time. */
export function roomObserved(
  { max_active_certificates: most }: Limited,
  others: readonly Planned[],
  time: UseWindow,
): Room {
  const windows = others.map(useWindowOf).filter((window) => window !== undefined);
  return { taken: mostAtOnce(windows, time), most };
}

interface Limited {
  readonly max_active_certificates: number;
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
