/** So many in one round; the rest comes in the next one. */
const MOST_PER_ROUND = 1_000;

/**
 * Goes through everything that is due, page by page. What fails keeps nobody else waiting, and is due again next time.
 * @param pageAfter what comes after the last one of the page before; an empty page ends the round
 * @param stopping ends the round before the next one
 * @throws AggregateError when everybody had their turn
 */
export async function forEachDue<T>(
  pageAfter: (last: T | undefined) => Promise<readonly T[]>,
  each: (due: T) => Promise<void>,
  stopping: AbortSignal,
): Promise<void> {
  const failures: unknown[] = [];
  let last: T | undefined;
  for (let seen = 0; seen < MOST_PER_ROUND;) {
    const page = await pageAfter(last);
    if (page.length === 0) break;
    for (const due of page) {
      if (stopping.aborted) return;
      await each(due).catch((error: unknown) => failures.push(error));
    }
    last = page.at(-1);
    seen += page.length;
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} failed`, { cause: failures[0] });
}
