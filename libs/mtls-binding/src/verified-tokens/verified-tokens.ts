import type { VerifiedToken } from '../protocol/bound-token.js';

interface Entry {
  readonly token: VerifiedToken;
  /** in milliseconds since 1970; from then on it answers no more */
  readonly until: number;
  /** since the hand last came by */
  used: boolean;
}

/** For each newcomer the hand looks at this many entries, so that expired ones do not lie around until the cache is full. */
const LOOKS = 2;

/**
 * Tokens that were verified before: what spares a request its signature check, and nothing else. A token is known by its whole
 * text, so that one altered character makes it another token. When full, an entry that was not used for a whole turn makes
 * room (second chance). Emptied when a signing key was distrusted.
 *
 * Does not check: anything. Whatever it answers is held to `assertAdmissible` and the scopes again.
 */
export class VerifiedTokens {
  readonly #entries = new Map<string, Entry>();
  #hand = this.#entries.entries();
  #generation: number | undefined;

  /** @param max how many tokens are held; 0: none */
  constructor(private readonly max: number) {}

  get size(): number {
    return this.#entries.size;
  }

  /** @param generation of the revocations: another one than before empties it // A29 */
  find(text: string, generation: number, now: Date): VerifiedToken | undefined {
    this.#follow(generation);
    const entry = this.#entries.get(text);
    if (!entry) return undefined;
    if (hasEnded(entry, now.getTime())) {
      this.#entries.delete(text);
      return undefined;
    }
    entry.used = true;
    return entry.token;
  }

  /**
   * @param generation of the revocations before the token was verified: if it has changed since, nothing is remembered
   * @param until when to verify it again, if that is before it expires
   */
  remember(text: string, token: VerifiedToken, generation: number, now: Date, until: Date = token.expiresAt): void {
    if (this.max === 0 || generation !== this.#generation) return;
    const entry = { token, until: Math.min(token.expiresAt.getTime(), until.getTime()), used: false };
    if (hasEnded(entry, now.getTime())) return;
    if (!this.#entries.has(text)) this.#makeRoom(now.getTime());
    this.#entries.set(text, entry);
  }

  #follow(generation: number): void {
    if (generation === this.#generation) return;
    this.#generation = generation;
    this.#entries.clear();
  }

  #makeRoom(now: number): void {
    for (let looks = 0; looks < LOOKS || this.#entries.size >= this.max; looks += 1) {
      const { done, value } = this.#hand.next();
      if (done) {
        this.#hand = this.#entries.entries();
        continue;
      }
      const [text, entry] = value;
      const isFull = this.#entries.size >= this.max;
      if (hasEnded(entry, now) || (isFull && !entry.used)) this.#entries.delete(text);
      else if (isFull) entry.used = false;
    }
  }
}

// Not `<=`: an end that is no date has come.
function hasEnded({ until }: Pick<Entry, 'until'>, now: number): boolean {
  return !(until > now);
}
