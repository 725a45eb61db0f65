import { z } from 'zod';
import { AuthenticationEventsPolicy } from '../authentication-events/authentication-events-policy.js';
import { RegisteredClientsPolicy } from '../clients/registered-clients/registered-clients-policy.js';
import { RevocationFeedPolicy } from '../revocation-feed/revocation-feed-policy.js';
import { LimitsPolicy } from './limits-policy.js';

const DEFAULTS = {
  clients: new RegisteredClientsPolicy(),
  events: new AuthenticationEventsPolicy(),
  feed: new RevocationFeedPolicy(),
  limits: new LimitsPolicy(),
};

function wholeNumber(least: number, most: number) {
  const expected = `expected a whole number from ${least} to ${most}`;
  return z
    .string({ error: expected })
    .regex(/^\d{1,9}$/, { error: expected, abort: true })
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error: expected });
}

/** Everything that is bounded, with its default; spread into the app's schema. */
export const boundVariables = {
  REGISTERED_CLIENTS_KEPT: wholeNumber(1, 1_000_000).default(DEFAULTS.clients.bound),
  AUTHENTICATION_EVENTS_QUEUED: wholeNumber(1, 1_000_000).default(DEFAULTS.events.queueBound),
  AUTHENTICATION_EVENTS_KEPT_DAYS: wholeNumber(7, 3_650).default(DEFAULTS.events.keptDays),
  REVOCATION_FEED_BOUND: wholeNumber(1, 1_000_000).default(DEFAULTS.feed.bound),
  CLIENT_RATE_PER_SECOND: wholeNumber(1, 100_000).default(DEFAULTS.limits.perClient.perSecond),
  CLIENT_RATE_BURST: wholeNumber(1, 100_000).default(DEFAULTS.limits.perClient.burst),
  ADDRESS_RATE_PER_SECOND: wholeNumber(1, 1_000_000).default(DEFAULTS.limits.perAddress.perSecond),
  ADDRESS_RATE_BURST: wholeNumber(1, 1_000_000).default(DEFAULTS.limits.perAddress.burst),
  CONCURRENT_REQUESTS: wholeNumber(1, 100_000).default(DEFAULTS.limits.concurrent),
};

type Given = z.infer<z.ZodObject<typeof boundVariables>>;

export interface Bounds {
  readonly registeredClients: RegisteredClientsPolicy;
  readonly authenticationEvents: AuthenticationEventsPolicy;
  readonly revocationFeed: RevocationFeedPolicy;
  readonly limits: LimitsPolicy;
}

export function boundsOf(given: Given): Bounds {
  return {
    registeredClients: new RegisteredClientsPolicy({ bound: given.REGISTERED_CLIENTS_KEPT }),
    authenticationEvents: new AuthenticationEventsPolicy({
      queueBound: given.AUTHENTICATION_EVENTS_QUEUED,
      keptDays: given.AUTHENTICATION_EVENTS_KEPT_DAYS,
    }),
    revocationFeed: new RevocationFeedPolicy({ bound: given.REVOCATION_FEED_BOUND }),
    limits: new LimitsPolicy({
      perClient: { perSecond: given.CLIENT_RATE_PER_SECOND, burst: given.CLIENT_RATE_BURST },
      perAddress: { perSecond: given.ADDRESS_RATE_PER_SECOND, burst: given.ADDRESS_RATE_BURST },
      concurrent: given.CONCURRENT_REQUESTS,
    }),
  };
}
