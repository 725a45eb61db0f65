import { newRequestId } from '@partner-ecosystem/platform/logging';
import type { MutationContext } from '../mutations/words/mutation-context.js';
import { OPERATOR_SCOPE } from '../mutations/words/operator-rules.js';

/** Whose registry it is. */
export interface RegistryIdentity {
  /** the registry's own */
  readonly audience: string;
  /** the token service, and its audience */
  readonly issuer: string;
}

/** A mutation that a command asks for, whoever started it: with the database at hand, it may what operators may. */
export function commandContext(command: string, { audience, issuer }: RegistryIdentity): MutationContext {
  const scopes = [OPERATOR_SCOPE];
  return {
    actor: { clientId: `command:${command}`, certificateThumbprint: null, scopes, audience, issuer },
    requestId: newRequestId(),
    dryRun: false,
    ifMatch: undefined,
    ifMatchRequired: false,
    idempotency: undefined,
    answerOf: (result) => Promise.resolve(result),
    revoked: () => undefined,
  };
}
