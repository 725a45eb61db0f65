import type { EntityManager } from 'typeorm';
import type { Actor } from './words/operator-rules.js';
import { RegistryError } from '../problems/registry-error.js';
import type {
  ActiveMutation,
  Announcement,
  AuditEntry,
  MutationContext,
  RecordedEvent,
  RevocationEntry,
} from './words/mutation-context.js';

/** Collects what a use case says, for the pipeline to write when the change itself is done. */
export class RecordedMutation implements ActiveMutation {
  readonly audited: AuditEntry[] = [];
  readonly announced: Announcement[] = [];
  readonly revoked: RevocationEntry[] = [];
  readonly actor: Actor;
  readonly only: readonly string[] | undefined;
  private versionCompared = false;
  private isRoutine = false;

  constructor(
    readonly transaction: EntityManager,
    private readonly context: MutationContext,
    readonly now: Date,
  ) {
    this.actor = context.actor;
    this.only = context.rehearsal?.clientIds;
  }

  assertMatches({ version }: { readonly version: number }): void {
    const { ifMatch, ifMatchRequired, ifNoneMatch } = this.context;
    this.versionCompared = true;
    if (ifMatch === undefined && ifMatchRequired) throw preconditionRequired();
    if (ifMatch !== undefined && !names(ifMatch, version)) throw preconditionFailed(version);
    if (ifNoneMatch !== undefined && names(ifNoneMatch, version)) throw preconditionFailed(version);
  }

  assertUnversioned(): void {
    this.versionCompared = true;
    if (this.context.ifMatch !== undefined && this.context.ifMatch !== 'any') throw preconditionUnsupported();
  }

  audit(event: AuditEntry): void {
    this.audited.push(event);
  }

  announce(event: Announcement): void {
    this.announced.push(event);
  }

  record({ data, clientIds = [], ...entry }: RecordedEvent): void {
    this.audit(entry);
    this.announce({ type: entry.action, data: data ?? entry.after!, clientIds });
  }

  revoke(entry: RevocationEntry): void {
    this.revoked.push(entry);
  }

  routine(): void {
    this.isRoutine = true;
  }

  /** No feature can leave out what every change owes. */
  assertComplete(): void {
    if (this.isRoutine && this.revoked.length > 0) throw new TypeError('what takes access away is no routine');
    if (this.audited.length === 0 && !this.isRoutine) throw new TypeError('a mutation without an audit event');
    if (this.versionCompared) return;
    if (this.context.ifMatchRequired) throw new TypeError('a change that did not look at If-Match');
    if (this.context.ifMatch !== undefined) throw preconditionUnsupported();
  }
}

function names(versions: readonly number[] | 'any', version: number): boolean {
  return versions === 'any' || versions.includes(version);
}

const SEND_WHAT_YOU_SAW =
  'Read what you mean to change and send its ETag as If-Match, so that nobody else’s change is overwritten. ' +
  'What cannot wait for that, a suspension in an incident, is done whatever the version with If-Match: *.';

function preconditionRequired(): RegistryError {
  return new RegistryError('precondition_required', { detail: SEND_WHAT_YOU_SAW });
}

function preconditionFailed(version: number): RegistryError {
  return new RegistryError('precondition_failed', {
    detail: `Its ETag is now "${version}", which is not what was asked for. Read it again and decide anew.`,
  });
}

// A condition nobody looks at would be a promise broken in silence.
function preconditionUnsupported(): RegistryError {
  return RegistryError.ofField('invalid_request', '/If-Match', 'Nothing here has a version to compare: leave it out.');
}
