/** Lets any number of waiters know at once that something changed. */
export class News {
  readonly #waiting = new Set<() => void>();

  tell(): void {
    for (const end of this.#waiting) end();
  }

  /** Ends at the next tell(), or after `ms`. */
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
