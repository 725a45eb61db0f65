import { wholeNumber } from '@partner-ecosystem/platform/config';
import { limitsPolicy, limitVariables, type LimitsPolicy } from '@partner-ecosystem/platform/limits';
import type { z } from 'zod';
import { AuthenticationEventsPolicy } from '../authentication-events/authentication-events-policy.js';
import { RegisteredClientsPolicy } from '../clients/registered-clients/registered-clients-policy.js';
import { RevocationFeedPolicy } from '../revocation-feed/revocation-feed-policy.js';

const DEFAULTS = {
  clients: new RegisteredClientsPolicy(),
  events: new AuthenticationEventsPolicy(),
  feed: new RevocationFeedPolicy(),
};

/** Everything that is bounded, with its default; spread into the app's schema. */
export const boundVariables = {
  REGISTERED_CLIENTS_KEPT: wholeNumber(1, 1_000_000).default(DEFAULTS.clients.bound),
  AUTHENTICATION_EVENTS_QUEUED: wholeNumber(1, 1_000_000).default(DEFAULTS.events.queueBound),
  AUTHENTICATION_EVENTS_KEPT_DAYS: wholeNumber(7, 3_650).default(DEFAULTS.events.keptDays),
  REVOCATION_FEED_BOUND: wholeNumber(1, 1_000_000).default(DEFAULTS.feed.bound),
  ...limitVariables(),
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
    limits: limitsPolicy(given),
  };
}
