import type { Fault } from './fault.js';

/** What strangers, web pages, other requests and a database that is away can do to a service. */
export const LIMIT_FAULTS: readonly Fault[] = [
  {
    rule: 'A34',
    then: 'does not count refused strangers',
    in: 'AuthenticationAttempt.refused',
    find: '    if (!this.#authenticated) {',
    replace: '    if (!this.#authenticated && this.#placed) {',
    spec: 'apps/token-service/src/authentication-events/authentication-attempt.spec.ts',
  },
  {
    rule: 'A34',
    then: 'lets strangers have every place at once',
    in: 'Limits.enter',
    find: 'this.#unproven >= concurrentUnproven',
    replace: 'this.#unproven >= concurrent',
    spec: 'libs/platform/src/limits/limits.spec.ts',
  },
  {
    rule: 'A35',
    then: 'serves whatever page a browser sends from',
    in: 'isAllowed',
    find: 'return allowed.includes(origin) || (origin === ownOrigin(request)',
    replace: 'return allowed.includes(origin) || (origin !== ownOrigin(request)',
    spec: 'libs/platform/src/serve/refuse-foreign-origins.spec.ts',
  },
  {
    rule: 'A36',
    then: 'lets the next one begin before its turn',
    in: 'Turns.enter',
    find: 'queue.inside < this.atOnce',
    replace: 'queue.inside <= this.atOnce',
    spec: 'libs/platform/src/limits/turns.spec.ts',
  },
  {
    rule: 'R12',
    then: 'calls a database that is away a mistake of its own',
    in: 'problemFrom',
    find: 'status === 500 && whyDatabaseUnavailable(thrown) ? 503 : status',
    replace: 'status === 503 && whyDatabaseUnavailable(thrown) ? 503 : status',
    spec: 'apps/resource-api/src/database/unavailable.spec.ts',
  },
];
