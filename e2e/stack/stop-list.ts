interface Stoppable {
  stop(): Promise<void>;
  /** synchronous, for a process that exits without stopping */
  lastResort?: () => void;
}

/** What was started, to be stopped in the opposite order, once, whatever fails on the way. */
export class StopList {
  private readonly started: Stoppable[] = [];
  private stopped: Promise<void> | undefined;

  constructor() {
    process.once('exit', this.lastResort);
  }

  get stopping(): boolean {
    return this.stopped !== undefined;
  }

  add(stoppable: Stoppable): void {
    this.started.unshift(stoppable);
  }

  /** Throws an AggregateError when something could not be stopped; the rest is. A second call waits for the first. */
  stop(): Promise<void> {
    return (this.stopped ??= this.stopAll());
  }

  private async stopAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const stoppable of this.started) {
      await stoppable.stop().catch((error: unknown) => errors.push(error));
    }
    process.removeListener('exit', this.lastResort);
    if (errors.length > 0) throw new AggregateError(errors, `could not be stopped: ${errors.join('; ')}`);
  }

  private readonly lastResort = (): void => this.started.forEach((stoppable) => stoppable.lastResort?.());
}
