import { setTimeout as sleep } from 'node:timers/promises';
import { startReplica, type Replica, type ReplicaOptions } from '../../stack/processes/replica.js';

const POLL_MS = 2;

/** A place where a registry runs, is killed, and runs again. */
export class ReplicaSlot {
  private replica: Replica | undefined;
  private inFlight = 0;
  private answered = 0;

  constructor(private readonly options: Omit<ReplicaOptions, 'ports'>) {}

  get up(): boolean {
    return this.replica !== undefined;
  }

  async count<T>(send: (registry: string) => Promise<T>): Promise<T> {
    const { replica } = this;
    this.inFlight++;
    try {
      const answer = await send(replica!.url);
      if (replica === this.replica) this.answered++;
      return answer;
    } finally {
      this.inFlight--;
    }
  }

  /** Starts it, on free ports: those of the one before may be held by connections that still end. */
  async start(): Promise<void> {
    const replica = await startReplica(this.options);
    this.answered = 0;
    this.replica = replica;
  }

  /** Resolves when it has given so many answers and owes another one, or when that takes too long. */
  async untilBusy(answers: number, patienceMs: number): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while ((this.answered < answers || this.inFlight === 0) && Date.now() < deadline) await sleep(POLL_MS);
  }

  /** SIGKILL: nothing in it runs any more when this resolves. Gives how many waited for an answer at that moment. */
  async kill(): Promise<number> {
    const killed = this.replica;
    const unanswered = this.inFlight;
    this.replica = undefined;
    killed?.process.kill();
    await killed?.process.exited;
    return unanswered;
  }
}
