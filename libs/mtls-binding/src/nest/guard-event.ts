import type { RefusedError } from '../protocol/errors.js';

/**
 * What a guard decided about one request, for metrics and logs.
 * - `admitted`: `seenBefore` says whether the token's signature check was spared
 * - `refused`: `error.code` is what the caller was told, `error.check` why; the message is for the log only
 */
export type GuardEvent =
  | {
      readonly kind: 'admitted';
      readonly clientId: string;
      readonly partnerId: string;
      /** false: a plain bearer token, in report-only mode */
      readonly bound: boolean;
      readonly seenBefore: boolean;
    }
  | { readonly kind: 'refused'; readonly error: RefusedError };

export type ReportGuardEvent = (event: GuardEvent) => void;

/** A log that fails must neither refuse a request nor change a refusal. */
export function tell(report: ReportGuardEvent | undefined, event: GuardEvent): void {
  try {
    report?.(event);
  } catch {
    // see above
  }
}
