import type { Attempt } from './retry-policy.js';

/** What a client under way saw. */
export interface LoadReport {
  requests: number;
  /** first attempts that were not answered with 200: what a client without retries sees */
  failedAtFirst: Attempt[];
  /** last attempts that were not: what a client with retries sees */
  failedAtLast: Attempt[];
  /** milliseconds: of the slowest request, its pauses included */
  slowestMs: number;
}

/** @param requests the attempts of each */
export function loadReport(requests: readonly Attempt[][]): LoadReport {
  const failed = (attempt: Attempt | undefined): attempt is Attempt => attempt !== undefined && attempt.status !== 200;
  return {
    requests: requests.length,
    failedAtFirst: requests.map(([first]) => first).filter(failed),
    failedAtLast: requests.map((attempts) => attempts.at(-1)).filter(failed),
    slowestMs: Math.max(0, ...requests.map((attempts) => attempts.at(-1)!.until - attempts[0]!.at)),
  };
}
