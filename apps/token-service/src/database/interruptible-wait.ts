/** A pause that others may end early. An interruption that comes while nobody waits ends the next pause at once. */
export class InterruptibleWait {
  #interrupted = false;
  #end: (() => void) | undefined;

  interrupt(): void {
    this.#interrupted = true;
    this.#end?.();
  }

  /** Ends after `ms`, at the next interrupt(), or when the signal says so. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#interrupted && !signal.aborted) await this.timeout(ms, signal);
    this.#interrupted = false;
  }

  private timeout(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#end = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      this.#end = end;
    });
  }
}
