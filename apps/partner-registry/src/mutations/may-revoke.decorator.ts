import { ApiResponse } from '@partner-ecosystem/platform/openapi';

export const REVOCATION_SEQ = 'revocation-seq';

/**
 * Documents that the answer may carry `Revocation-Seq`. The header itself is the pipeline's: every answer of a change
 * that recorded something for the guards has it.
 */
export function MayRevoke(status = 200): MethodDecorator {
  return ApiResponse({
    status,
    headers: {
      'Revocation-Seq': {
        schema: { type: 'integer', minimum: 1 },
        description:
          'There when tokens are refused from now on: the number under which every guard hears of it. The command `await-guards` waits until they have.',
      },
    },
  });
}
