import { ConfigurationError } from '../config/index.js';

/**
 * Runs a process's main function. What the operator can put right (errors with a stable `code`) is printed to standard
 * error as plain sentences, everything else with its stack; either way the exit code is 1.
 */
export function runMain(main: () => Promise<unknown>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`${textOf(error)}\n`, () => process.exit(1));
  });
}

function textOf(error: unknown): string {
  if (error instanceof ConfigurationError) {
    return ['Cannot start, the configuration is not valid:', ...error.faults.map((fault) => `  ${fault}`)].join('\n');
  }
  if (!(error instanceof Error)) return String(error);
  // A stable code is what our own refusals to start carry: a busy port, a login that may do too much, a key that does not open.
  const mendable = typeof (error as { code?: unknown }).code === 'string' && error.message !== '';
  return mendable ? `Cannot start. ${error.message}` : (error.stack ?? error.message);
}
