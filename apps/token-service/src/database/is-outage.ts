import { whyDatabaseUnavailable } from '@partner-ecosystem/platform/database';

/** Whether nobody could be answered now. What another transaction holds for too long is one row's trouble, not everybody's. */
export function isOutage(thrown: unknown): boolean {
  const why = whyDatabaseUnavailable(thrown);
  return why !== undefined && why !== 'locked';
}
