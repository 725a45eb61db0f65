import { constants } from 'node:os';
import type { Logger } from '../logging/index.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface SignalOptions {
  stop: (reason: string) => Promise<void>;
  logger: Logger;
  /** milliseconds after the first signal when the process ends whatever hangs */
  patienceMs: number;
}

/**
 * The first SIGTERM or SIGINT stops gracefully and exits 0, the second one exits at once. Returns the removal of the
 * handlers.
 */
export function stopOnSignal(options: SignalOptions): () => void {
  let stopping = false;
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (stopping) return process.exit(128 + constants.signals[signal]);
    stopping = true;
    setTimeout(() => process.exit(1), options.patienceMs).unref();
    options.stop(signal).then(
      () => process.exit(0),
      (error: unknown) => {
        options.logger.fatal({ err: error }, 'shutdown failed');
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => SIGNALS.forEach((signal) => process.removeListener(signal, onSignal));
}
