import type { Fault } from './fault.js';
import { GUARD_FAULTS } from './guard-faults.js';
import { TOKEN_SERVICE_FAULTS } from './token-service-faults.js';
import { TRANSPORT_FAULTS } from './transport-faults.js';

/** Every rule that is built has one here; `e2e/specs/workspace/rules.spec.ts` sees to it. */
export const FAULTS: readonly Fault[] = [...TRANSPORT_FAULTS, ...TOKEN_SERVICE_FAULTS, ...GUARD_FAULTS];
