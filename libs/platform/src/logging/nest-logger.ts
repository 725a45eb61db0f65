import type { LoggerService } from '@nestjs/common';
import { errorFields } from './error-fields.js';
import type { Logger } from './create-logger.js';

// What Nest says about its own wiring at every start is of use to nobody who runs the service.
const WIRING = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Nest's own log lines (and those of its `Logger` class) in the process's log, with Nest's context as a field. */
export function nestLogger(logger: Logger): LoggerService {
  const write = (level: Level, message: unknown, rest: unknown[]): void => {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const quiet = level === 'info' && context !== undefined && WIRING.has(context);
    const error = [message, ...rest].find((part) => part instanceof Error);
    // Nest hands on the stack of an error as a text, and with it the only word about the reason.
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? { stack: rest[0] } : {};
    const fields = { context, ...(error ? { err: errorFields(error, { stack: true }) } : stack) };
    logger[quiet ? 'debug' : level](fields, textOf(message));
  };
  return {
    log: (message: unknown, ...rest: unknown[]) => write('info', message, rest),
    warn: (message: unknown, ...rest: unknown[]) => write('warn', message, rest),
    error: (message: unknown, ...rest: unknown[]) => write('error', message, rest),
    fatal: (message: unknown, ...rest: unknown[]) => write('fatal', message, rest),
    debug: (message: unknown, ...rest: unknown[]) => write('debug', message, rest),
    verbose: (message: unknown, ...rest: unknown[]) => write('trace', message, rest),
  };
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
}
