import type { RegisteredClient } from '../../records/registered-client.entity.js';

const MOST_PER_CLIENT = 100;

/**
 * Good verdicts about certificates, kept while the client's registration stands: any change of it (anchors, subject,
 * policy) arrives as another object, under which nothing is remembered. Goes with the object, too.
 */
export class VerdictMemory<Verdict> {
  readonly #byClient = new WeakMap<RegisteredClient, Map<string, Verdict>>();

  recall(client: RegisteredClient, thumbprint: string): Verdict | undefined {
    return this.#byClient.get(client)?.get(thumbprint);
  }

  remember(client: RegisteredClient, thumbprint: string, verdict: Verdict): void {
    const known = this.#byClient.get(client) ?? new Map<string, Verdict>();
    this.#byClient.set(client, known);
    known.delete(thumbprint);
    known.set(thumbprint, verdict);
    const [oldest] = known.keys();
    if (known.size > MOST_PER_CLIENT && oldest !== undefined) known.delete(oldest);
  }
}
