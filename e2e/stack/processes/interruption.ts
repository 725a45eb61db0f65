const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_POLL_MS = 500;

/** Somebody wants this process to end: `signal` is aborted once, however often they say so. */
export interface Interruption {
  signal: AbortSignal;
  /** resolves when it happens */
  happened: Promise<void>;
  /** back to the system's own behaviour; needed before the process can end by itself */
  dispose(): void;
}

export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly code = 'interrupted';
}

/**
 * Listens for Ctrl-C, SIGTERM, a closed terminal and a reader that went away (`| head`). With `watchParent` also for the death of the parent: the shell
 * below npm dies of a signal without passing it on.
 */
export function listenForInterruption(options: { watchParent: boolean }): Interruption {
  const controller = new AbortController();
  const happened = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
  const interrupt = (): void => controller.abort(new InterruptedError('interrupted'));
  SIGNALS.forEach((name) => process.on(name, interrupt));
  process.stdout.on('error', interrupt);
  const parent = process.ppid;
  const watch = setInterval(() => options.watchParent && process.ppid !== parent && interrupt(), PARENT_POLL_MS);
  watch.unref();
  return {
    signal: controller.signal,
    happened,
    dispose: () => {
      clearInterval(watch);
      SIGNALS.forEach((name) => process.removeListener(name, interrupt));
    },
  };
}
