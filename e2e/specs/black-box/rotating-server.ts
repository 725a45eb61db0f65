import type { Answer, Identity } from '../../stack/admin/https-client.js';
import type { StackUnderTest } from './stack-under-test.js';

interface Access {
  readonly identity: Identity;
  readonly token: string;
  /** by the clock of the answer */
  readonly renewAt: number;
}

/**
 * A partner's server as it should be: one certificate at a time, a token for it that is fetched anew before it ends, and
 * never a token of one certificate over a connection of another.
 */
export class RotatingServer {
  #identity: Identity;
  #access: Promise<Access> | undefined;

  constructor(
    private readonly stack: StackUnderTest,
    private readonly clientId: string,
    identity: Identity,
  ) {
    this.#identity = identity;
  }

  /** Calls that are under way end as they began. */
  useFromNowOn(identity: Identity): void {
    this.#identity = identity;
    this.#access = undefined;
  }

  /** One call of the API. Rejects when the token service has no token for us. */
  async call(): Promise<Answer> {
    const { identity, token } = await this.access();
    return this.stack.client.send({ url: `${this.stack.running.urls.resource}/v1/shipments`, identity, token });
  }

  // Whoever comes while a token is being fetched waits for that one.
  private async access(): Promise<Access> {
    const asked = (this.#access ??= this.fetchAccess());
    const access = await asked;
    if (access.renewAt > Date.now()) return access;
    if (this.#access === asked) this.#access = this.fetchAccess();
    return this.access();
  }

  private async fetchAccess(): Promise<Access> {
    const identity = this.#identity;
    const answer = await this.stack.token(this.clientId, identity);
    if (answer.status !== 200) {
      throw new Error(`the token service answered ${answer.status}: ${answer.text}`);
    }
    const lifetimeMs = Number(answer.body['expires_in']) * 1_000;
    return { identity, token: String(answer.body['access_token']), renewAt: Date.now() + lifetimeMs / 2 };
  }
}
