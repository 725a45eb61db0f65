import type { EntityManager } from 'typeorm';
import type { Actor } from './operator-rules.js';

/** A mutation as it was asked for: made once at the edge by `@Mutation()`; nothing deeper touches the raw request. */
export interface MutationContext {
  readonly actor: Actor;
  /** under which the request stands in the log, and its audit events */
  readonly requestId: string;
  /** everything is done and checked, then rolled back */
  readonly dryRun: boolean;
  /** the versions the caller may have seen; `any` for `*`; undefined: no If-Match */
  readonly ifMatch: readonly number[] | 'any' | undefined;
  /** true: a change that does not say which version was seen, or that any will do, is refused with 428 */
  readonly ifMatchRequired: boolean;
  /** the versions that must not be there any more; `any` for `*`; undefined: no If-None-Match */
  readonly ifNoneMatch?: readonly number[] | 'any' | undefined;
  readonly idempotency: Idempotency | undefined;
  /** what the request is addressed to, `/v1/clients/cli_…`: its changes take turns; undefined: a collection, or no request */
  readonly addressed?: string | undefined;
  /** What is only tried: nothing of it is kept, nobody waits for it, and it is recorded nowhere. */
  readonly rehearsal?: Rehearsal | undefined;
  /** What leaves as the answer, by the route's own schema. It is kept for repeats, so it is made before the commit. */
  answerOf(result: unknown): Promise<unknown>;
  /** The highest number of what it recorded for the guards' feed. Called once that is committed; of a dry run never. */
  revoked(seq: number): void;
}

export interface Idempotency {
  readonly key: string;
  /** of method, address and body: the same key with another one is a 422 */
  readonly fingerprint: string;
}

/** A change that is carried out to see what becomes of some clients, and undone. */
export interface Rehearsal {
  /** uuids: a change that goes through all the clients of something goes through these alone */
  readonly clientIds: readonly string[];
  /** Before the first step, in the same transaction. */
  before(transaction: EntityManager, now: Date): Promise<void>;
  /** After the last one. @param revoked what the guards would hear of; it grows with what is done now */
  after(mutation: ActiveMutation, revoked: readonly RevocationEntry[]): Promise<void>;
}

/** What a use case gets from the pipeline; it ends with the transaction. */
export interface ActiveMutation {
  readonly transaction: EntityManager;
  readonly actor: Actor;
  readonly now: Date;
  /** uuids of the clients that a rehearsal is about; undefined: whoever is concerned, all of them */
  readonly only?: readonly string[] | undefined;
  /**
   * The version the caller has seen is the one that is there. Call it once the addressed row is locked.
   * @throws RegistryError `precondition_required`, `precondition_failed`
   */
  assertMatches(row: { readonly version: number }): void;
  /**
   * For what has no version: `If-Match: *` is all that can be said of it.
   * @throws RegistryError `invalid_request` for an ETag
   */
  assertUnversioned(): void;
  /** What was done, to whom: an audit event, and an outbox event of the same name. At least once per mutation. */
  record(event: RecordedEvent): void;
  /** An audit event alone, for what no copy of a client depends on. */
  audit(event: AuditEntry): void;
  /** An outbox event alone, for what follows from an earlier audit event. */
  announce(event: Announcement): void;
  /** A record for the guards' feed. */
  revoke(entry: RevocationEntry): void;
  /**
   * For scheduled tasks: nothing was decided. At most dates were noted that follow from what is in the audit already, so
   * that no audit event is owed. Takes nothing from anybody.
   */
  routine(): void;
}

export interface AuditEntry {
  /** noun and past participle: `client.suspended` */
  readonly action: string;
  /** shown identifiers */
  readonly targets: readonly string[];
  /**
   * Plain whitelisted objects, best an output schema's result: no secret, and people's data by reference only. With
   * both, only what differs is kept.
   */
  readonly before?: object;
  readonly after?: object;
  readonly reason?: string;
}

/** `data` as it leaves by `/changes`; default: `after`. `clientIds` as in `Announcement`. */
export type RecordedEvent = AuditEntry &
  Pick<Announcement, 'clientIds'> &
  ({ readonly after: object; readonly data?: object } | { readonly data: object });

export interface Announcement {
  readonly type: string;
  /** as it leaves by `/changes` */
  readonly data: object;
  /** uuids of the clients whose published row may have changed */
  readonly clientIds?: readonly string[];
}

/** `off` refuses every token of the subject, `cutoff` those issued until now, `on` turns an `off` into a `cutoff`. */
export type RevocationMode = 'off' | 'cutoff' | 'on';

export type RevocationEntry = RevocationSubject & { readonly mode: RevocationMode; readonly reason: string };

/**
 * Subjects in the words of a token's claims. `within` says whom a finer one belongs to: a feed that grows too large
 * refuses all of that client's, or that partner's, older tokens instead.
 */
export type RevocationSubject =
  | { readonly kind: 'all'; readonly subject: Readonly<Record<string, never>> }
  | { readonly kind: 'partner'; readonly subject: { readonly partner_id: string } }
  | {
      readonly kind: 'client';
      readonly subject: { readonly client_id: string };
      readonly within: { readonly partner_id: string };
    }
  | {
      readonly kind: 'certificate';
      // `x5t#S256` of the confirmation claim: base64url, 43 characters
      readonly subject: { readonly thumbprint: string };
      readonly within: WithinClient;
    }
  | {
      readonly kind: 'grant';
      readonly subject: { readonly client_id: string; readonly audience: string; readonly scope: string };
      readonly within: WithinClient;
    };

/** Shown identifiers. */
export interface WithinClient {
  readonly partner_id: string;
  readonly client_id: string;
}
