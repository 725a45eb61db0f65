import { ConfigurationError } from '../config/index.js';
import { createLogger, errorFields, type Logger, type LoggerOptions } from '../logging/index.js';

/**
 * Runs a service's main function. Whatever is written to standard error is a line of the log, so that it is collected like
 * the rest: why the service cannot start (a sentence for what the operator can put right, a stack for anything else),
 * what is thrown and caught by nobody, and the warnings of Node. Exit code 1 after an error.
 */
export function runMain(service: Pick<LoggerOptions, 'name' | 'version'>, main: () => Promise<unknown>): void {
  const destination = { write: (line: string) => void process.stderr.write(line) };
  const logger = createLogger({ ...service, level: 'info', destination });
  logWarnings(logger);
  process.on('uncaughtException', (error, origin) => {
    logger.fatal({ origin, err: errorFields(error, { stack: true }) }, 'nobody caught this error; the process ends');
    process.exit(1);
  });
  main().catch((error: unknown) => {
    logger.fatal(fieldsOf(error), `Cannot start. ${sentenceOf(error)}`);
    process.exit(1);
  });
}

// Node's own listener prints them as text, deprecations included.
function logWarnings(logger: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    logger.warn({ err: errorFields(warning, { stack: false }) }, `Node warns: ${warning.message}`);
  });
}

function fieldsOf(error: unknown): object {
  if (error instanceof ConfigurationError) return { faults: error.faults };
  return { err: errorFields(error, { stack: !isMendable(error) }) };
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigurationError)
    return 'The configuration is not valid: every fault is in the field "faults".';
  return error instanceof Error && error.message !== '' ? error.message : 'The reason is in the field "err".';
}

// A stable code is what our own refusals to start carry: a busy port, a login that may do too much, a key that does not open.
function isMendable(error: unknown): boolean {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string' && error.message !== '';
}
