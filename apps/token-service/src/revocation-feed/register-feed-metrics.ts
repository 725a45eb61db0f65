import { Gauge, type Registry } from 'prom-client';
import type { RevocationFeed } from './revocation-feed.js';
import type { WaitingPolls } from './waiting-polls.js';

/**
 * `revocation_feed_age_seconds`: since Postgres was last read; Infinity before the first time.
 * `revocation_feed_seq`: the number this replica has reached. `revocation_feed_entries`: of a snapshot, after coarsening.
 * `revocation_feed_waiting_polls`: of APIs that are told at once.
 */
export function registerFeedMetrics(
  registry: Registry,
  feed: Pick<RevocationFeed, 'ageMs' | 'head' | 'size'>,
  polls: Pick<WaitingPolls, 'count'>,
): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('revocation_feed_age_seconds', 'Time since the revocations were last read', () => feed.ageMs / 1_000);
  gauge('revocation_feed_seq', 'Number of the newest revocation that is known here', () => feed.head?.seq ?? 0);
  gauge('revocation_feed_entries', 'Live revocations as the feed tells them', () => feed.size);
  gauge('revocation_feed_waiting_polls', 'Polls of the feed that wait for something new', () => polls.count);
}
