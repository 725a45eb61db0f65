/** Lets any number of waiters know at once that something changed. */
export class ChangeSignal {
  readonly #waiting = new Set<() => void>();

  raise(): void {
    for (const end of this.#waiting) end();
  }

  /** Ends at the next raise(), or after `ms`. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#waiting.add(end);
    });
  }
}
