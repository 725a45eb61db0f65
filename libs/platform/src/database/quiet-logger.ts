import type { Logger } from 'typeorm';

/**
 * TypeORM's own loggers print failed queries with their parameters, which are data and secrets. A failed query is thrown to its
 * caller anyway; what only the logger hears (a connection lost while idle) is passed on.
 */
export class QuietLogger implements Logger {
  constructor(private readonly write: (message: string) => void) {}

  logQuery(): void {}

  logQueryError(): void {}

  logQuerySlow(): void {}

  logSchemaBuild(): void {}

  logMigration(): void {}

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.write(String(message));
  }
}
