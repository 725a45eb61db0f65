import type { FollowerEvent } from './follower-event.js';
import { followerGauges } from './follower-gauges.js';
import { FollowerHealth } from './follower-health.js';
import { FollowerLoop } from './follower-loop.js';
import { IssuerUnreachableError } from './issuer-unreachable-error.js';
import type { FollowerStatus, RevocationFollower } from './revocation-follower.js';
import { RevocationState } from './revocation-state.js';

export interface FollowRevocationsOptions {
  /** The token service, an https URL, compared exactly with what its metadata (RFC 8414) and the feed say. */
  readonly issuer: string;
  /** This API's own client, as registered; it needs the scope `revocations:read` at the issuer. */
  readonly clientId: string;
  /**
   * Presents that client's certificate and trusts the authority that signed the issuer's. // T4
   * It must allow an answer to take ten seconds: the feed is a long poll.
   */
  readonly fetch: typeof fetch;
  /** For the log; called once per change. What it throws is ignored. */
  readonly report?: (event: FollowerEvent) => void;
}

/**
 * Follows the revocation feed of an issuer: takes a snapshot, then waits for every change. Does nothing before `start()`.
 * Nothing but a newly signed statement that was accepted makes it fresh or keeps it so; when none comes, or only ones
 * that cannot be believed, it goes on trying and the guard fails closed after the feed's maximum age. // R2, R9
 * @throws TypeError naming every option that is missing or unusable
 *
 * Does not check: that the `clientId` belongs to the certificate that `fetch` presents. The issuer does.
 */
export function followRevocations(options: FollowRevocationsOptions): RevocationFollower {
  assertUsable(options);
  const state = new RevocationState();
  const health = new FollowerHealth(state, options.report);
  const loop = new FollowerLoop(options, state, health);
  const status = (): FollowerStatus => ({
    epoch: state.position?.epoch,
    seq: state.position?.seq ?? 0,
    ageMs: state.ageMs,
    entries: state.size,
    lagMs: loop.lagMs,
  });
  return {
    get generation() {
      return state.generation;
    },
    status,
    start: () => loop.start(),
    stop: () => loop.stop(),
    gauges: () => followerGauges(status),
    assertNotRevoked: (token, now) => state.assertNotRevoked(token, now),
    assertFresh: (now) => state.assertFresh(now),
    ready: async () => {
      if (!loop.isRunning) throw new IssuerUnreachableError('not_started', 'the revocation feed is not followed');
      await health.ready();
    },
  };
}

function assertUsable({ issuer, clientId, fetch }: FollowRevocationsOptions): void {
  const faults: string[] = [];
  if (!isIssuer(issuer)) faults.push('issuer: the https URL of the token service, without query and fragment');
  if (typeof clientId !== 'string' || clientId === '') faults.push('clientId: the registered client of this API');
  if (typeof fetch !== 'function') faults.push("fetch: one that presents that client's certificate");
  if (faults.length > 0) throw new TypeError(`followRevocations() needs ${faults.join('; ')}`);
}

function isIssuer(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, search, hash } = new URL(value);
  return protocol === 'https:' && search === '' && hash === '';
}
