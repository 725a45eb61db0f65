import pg from 'pg';

/** `pg` has no code for it. */
const UNANSWERED = 'Query read timeout';

/**
 * A connection that ends once the server owes it an answer for too long. `pg` gives up the query and keeps the connection:
 * back in the pool, it would make everybody who gets it wait behind the answer that never comes, until the operating
 * system gives it up after a quarter of an hour.
 */
export class PoolConnection extends pg.Client {
  constructor(...given: ConstructorParameters<typeof pg.Client>) {
    super(...given);
    // Between the pool's listener and TypeORM's there is a moment without any: a connection that the server ended just then
    // would end the process. Whoever queries is told anyway.
    this.on('error', () => undefined);
  }

  // All of pg's overloads: what is asked and what comes back stay as they are.
  override query = ((...asked: Parameters<pg.Client['query']>) => {
    const answer: unknown = super.query(...asked);
    if (answer instanceof Promise) answer.catch((error: Error) => this.endIfUnanswered(error));
    return answer;
  }) as pg.Client['query'];

  private endIfUnanswered({ message }: Error): void {
    if (message === UNANSWERED) this.connection.stream.destroy();
  }
}
