import type { VerifiedToken } from '../protocol/bound-token.js';

/** A token without any confirmation was let through; in mode `required` it would have been refused. */
export interface PlainTokenEvent {
  readonly clientId: string;
  readonly partnerId: string;
  /** of this client since the start, this one included; 0 for a client beyond those that are counted one by one */
  readonly count: number;
}

export interface ReportOnlyOptions {
  /** Called for every such request. What it throws is ignored. */
  readonly report?: (event: PlainTokenEvent) => void;
}

/** Clients that are counted one by one; further ones only in `total`. */
const MAX_CLIENTS = 1_000;

/** See `reportOnly()`. Also counts what would be refused without it: the ramp is over when the counts stand still. */
export class ReportOnly {
  readonly #counts = new Map<string, number>();
  #total = 0;

  constructor(private readonly options: ReportOnlyOptions = {}) {}

  /** Requests with a plain token, by `client_id`, since the start. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Requests with a plain token since the start, of all clients. */
  get total(): number {
    return this.#total;
  }

  note({ clientId, partnerId }: VerifiedToken): void {
    this.#total += 1;
    const count = this.counted(clientId);
    try {
      this.options.report?.({ clientId, partnerId, count });
    } catch {
      // A log that fails must not refuse a request.
    }
  }

  private counted(clientId: string): number {
    const before = this.#counts.get(clientId);
    if (before === undefined && this.#counts.size >= MAX_CLIENTS) return 0;
    const count = (before ?? 0) + 1;
    this.#counts.set(clientId, count);
    return count;
  }
}

/**
 * The mode of an API that still has clients with plain bearer tokens: those without any `cnf` pass and are counted per client.
 * Everything else is refused as in mode `required`: a `cnf` with another or no certificate, or with one we do not know, a bad
 * signature, a revoked token. A ramp to `required`, not a place to stay: whoever steals a plain token can use it.
 */
export function reportOnly(options: ReportOnlyOptions = {}): ReportOnly {
  return new ReportOnly(options);
}
