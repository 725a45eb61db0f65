import type { Agent } from 'undici';

/** Connections that are exchanged as a whole when what they present has changed. */
export class ReplaceableAgent {
  private readonly retired = new Set<Agent>();

  constructor(private current: Agent) {}

  /** for a call that begins now */
  get dispatcher(): Agent {
    return this.current;
  }

  /** Calls that began before end on their own connections. */
  replace(next: Agent): void {
    const before = this.current;
    this.current = next;
    this.retired.add(before);
    // Nothing to be done about a connection that does not close: whoever waits for an answer on it is told.
    const gone = (): void => void this.retired.delete(before);
    before.close().then(gone, gone);
  }

  /** Cuts every connection: calls that are under way are refused, and so are later ones. */
  async destroy(): Promise<void> {
    await Promise.all([this.current, ...this.retired].map((agent) => agent.destroy()));
  }
}
