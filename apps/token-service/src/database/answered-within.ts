/** Postgres is silent. What was asked may still happen. */
export class DatabaseLateError extends Error {
  override readonly name = 'DatabaseLateError';
  readonly code = 'database_late';
}

/**
 * What Postgres answers, for those who cannot wait for the timeouts of the pool, which are for whole statements.
 * @param ms milliseconds
 * @throws DatabaseLateError
 */
export async function answeredWithin<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DatabaseLateError(`no answer from Postgres within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
