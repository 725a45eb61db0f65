import type { FollowerGauge, FollowerStatus } from './revocation-follower.js';

/** Names and units as Prometheus wants them: seconds, not milliseconds. */
export function followerGauges(status: () => FollowerStatus): readonly FollowerGauge[] {
  return [
    {
      name: 'revocation_feed_age_seconds',
      help: 'Age of what is known about revocations. Above the maximum age of the feed every request is answered 503.',
      value: () => status().ageMs / 1_000,
    },
    {
      name: 'revocation_feed_seq',
      help: 'Number of the newest revocation in force here; 0 before the first statement.',
      value: () => status().seq,
    },
    {
      name: 'revocation_feed_lag_seconds',
      help: 'From the recording of the newest revocation until it was in force here; 0 before there was one.',
      value: () => (status().lagMs ?? 0) / 1_000,
    },
    {
      name: 'revocation_feed_entries',
      help: 'Live revocations held in memory.',
      value: () => status().entries,
    },
  ];
}
