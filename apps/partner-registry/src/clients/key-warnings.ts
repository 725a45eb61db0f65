import type { PassedOverKey } from '@partner-ecosystem/x509';
import type { WrittenClient } from './client.schema.js';

/** A warning for each key that was passed over. // A42 */
export function keyWarnings(passedOver: readonly PassedOverKey[]): WrittenClient['warnings'] {
  return passedOver.map(({ at, reason }) => ({
    code: 'key_passed_over',
    pointer: `/jwks/keys/${at}`,
    detail: `The key was passed over: ${reason}.`,
  }));
}
