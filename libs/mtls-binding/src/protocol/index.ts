export { bearerTokenFrom } from './authorization-header.js';
export { SIGNATURE_ALGORITHMS, verifyBoundToken, type BoundToken, type VerificationRules } from './bound-token.js';
export { challengeFor } from './challenge.js';
export { assertBound, confirmationFrom, confirmationOf, type Confirmation } from './confirmation.js';
export { RefusedError, type PublicCode, type RefusalCheck } from './errors.js';
export { remoteKeys, type RemoteKeys, type RemoteKeysOptions } from './remote-keys.js';
export { assertScopes } from './scope.js';
