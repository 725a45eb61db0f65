import type { RevocationKind, RevocationSubject } from './revocation-feed.js';

/** Kinds whose subject has one member at most. */
type PlainKind = Exclude<RevocationKind, 'grant'>;

/**
 * A map by subject that is asked with the texts of a token as they are. No key is put together for a look-up: for a new token
 * that cost more than all other checks but the signature's. Only the grants of a client who has one here are told apart by a key.
 */
export class SubjectMap<Held> {
  readonly #plain: Readonly<Record<PlainKind, Map<string, Held>>> = {
    all: new Map(),
    partner: new Map(),
    client: new Map(),
    certificate: new Map(),
    jti: new Map(),
    key: new Map(),
  };
  readonly #grants = new Map<string, Map<string, Held>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param first the one member of the subject, or a grant's `client_id`; none for `all` */
  find(kind: RevocationKind, first = '', audience = '', scope = ''): Held | undefined {
    if (kind === 'grant') return this.#grants.get(first)?.get(grantKey(audience, scope));
    return this.#plain[kind].get(first);
  }

  get(kind: RevocationKind, subject: RevocationSubject): Held | undefined {
    return this.find(kind, ...membersOf(kind, subject));
  }

  set(kind: RevocationKind, subject: RevocationSubject, held: Held): void {
    const [first, audience, scope] = membersOf(kind, subject);
    const map = kind === 'grant' ? this.#grantsOf(first) : this.#plain[kind];
    const key = kind === 'grant' ? grantKey(audience, scope) : first;
    if (!map.has(key)) this.#size += 1;
    map.set(key, held);
  }

  /** Drops what is no longer wanted. */
  keep(wanted: (held: Held) => boolean): void {
    for (const map of this.#maps()) {
      for (const [key, held] of map) {
        if (wanted(held) || !map.delete(key)) continue;
        this.#size -= 1;
      }
    }
    for (const [client, map] of this.#grants) if (map.size === 0) this.#grants.delete(client);
  }

  *values(): Generator<Held> {
    for (const map of this.#maps()) yield* map.values();
  }

  #maps(): Map<string, Held>[] {
    return [...Object.values(this.#plain), ...this.#grants.values()];
  }

  #grantsOf(client: string): Map<string, Held> {
    const map = this.#grants.get(client) ?? new Map<string, Held>();
    this.#grants.set(client, map);
    return map;
  }
}

function membersOf(kind: RevocationKind, subject: RevocationSubject): [first: string, audience: string, scope: string] {
  if (kind === 'grant') return [subject['client_id']!, subject['audience']!, subject['scope']!];
  const [only = ''] = Object.values(subject);
  return [only, '', ''];
}

/** With the length in front, no two pairs read the same. */
function grantKey(audience: string, scope: string): string {
  return `${audience.length}:${audience}${scope}`;
}
