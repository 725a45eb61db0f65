export { addressRange } from './address-range.js';
export { callerAddress } from './caller-address.js';
export { enforceLimits, type LimitedApp } from './enforce-limits.js';
export { LimitExceededError, type LimitName } from './limit-exceeded-error.js';
export { limitsPolicy, limitVariables } from './limit-variables.js';
export { LimitsPolicy, type RateLimit } from './limits-policy.js';
export { Limits, type LimitedCaller } from './limits.js';
export { Turns, TurnTimeoutError } from './turns.js';
