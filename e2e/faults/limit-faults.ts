import type { Fault } from './fault.js';

const PLATFORM = 'libs/platform/src';
const EVENTS = 'apps/token-service/src/authentication-events';

/** What strangers, web pages, other requests and a database that is away can do to a service. */
export const LIMIT_FAULTS: readonly Fault[] = [
  {
    rule: 'A34',
    then: 'does not count refused strangers',
    file: `${EVENTS}/attempt.ts`,
    find: '    if (!this.#authenticated) {',
    replace: '    if (!this.#authenticated && this.#placed) {',
    spec: `${EVENTS}/attempt.spec.ts`,
  },
  {
    rule: 'A34',
    then: 'counts every IPv4 address by itself',
    file: `${PLATFORM}/limits/address-range.ts`,
    find: 'if (isIPv4(plain)) return `${plain',
    replace: 'if (isIPv4(plain)) return plain || `${plain',
    spec: `${PLATFORM}/limits/address-range.spec.ts`,
  },
  {
    rule: 'A34',
    then: 'lets strangers have every place at once',
    file: `${PLATFORM}/limits/limits.ts`,
    find: 'this.#unproven >= concurrentUnproven',
    replace: 'this.#unproven >= concurrent',
    spec: `${PLATFORM}/limits/limits.spec.ts`,
  },
  {
    rule: 'A35',
    then: 'serves whatever page a browser sends from',
    file: `${PLATFORM}/serve/refuse-foreign-origins.ts`,
    find: 'return allowed.includes(origin) || (origin === ownOrigin(request)',
    replace: 'return allowed.includes(origin) || (origin !== ownOrigin(request)',
    spec: `${PLATFORM}/serve/refuse-foreign-origins.spec.ts`,
  },
  {
    rule: 'A36',
    then: 'lets the next one begin before its turn',
    file: `${PLATFORM}/limits/turns.ts`,
    find: 'queue.inside < this.atOnce',
    replace: 'queue.inside <= this.atOnce',
    spec: `${PLATFORM}/limits/turns.spec.ts`,
  },
  {
    rule: 'R12',
    then: 'calls a database that is away a mistake of its own',
    file: `${PLATFORM}/problem/problem-from.ts`,
    find: 'status === 500 && whyDatabaseUnavailable(thrown) ? 503 : status',
    replace: 'status === 503 && whyDatabaseUnavailable(thrown) ? 503 : status',
    spec: 'apps/resource-api/src/database/unavailable.spec.ts',
  },
];
