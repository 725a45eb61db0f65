import type { Revocations } from '@partner-ecosystem/mtls-binding';
import { isRevoked, type FindRevocation } from '@partner-ecosystem/mtls-binding/protocol';
import type { RevocationFeed } from './revocation-feed.js';

/**
 * What this app's own guard asks. Tokens for this audience do nothing but follow the feed. When every token is revoked,
 * these go on: whoever waited for a new one would not hear of the next revocation within its second.
 */
export function revocationsForFollowers(feed: RevocationFeed): Revocations {
  const { state } = feed;
  return {
    get generation() {
      return state.generation;
    },
    assertNotRevoked(token, now) {
      const find: FindRevocation = (kind, ...members) => (kind === 'all' ? undefined : feed.find(kind, ...members));
      if (isRevoked(token, find, now)) state.assertNotRevoked(token, now);
    },
    assertFresh: (now) => state.assertFresh(now),
  };
}
