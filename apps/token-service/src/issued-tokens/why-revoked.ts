import { RefusedError, type BoundToken, type RefusalCheck, type Revocations } from '@partner-ecosystem/mtls-binding';

/** @returns undefined when no live revocation matches the token */
export function whyRevoked(
  revocations: Pick<Revocations, 'assertNotRevoked'>,
  token: BoundToken,
  now: Date,
): RefusalCheck | undefined {
  try {
    revocations.assertNotRevoked(token, now);
    return undefined;
  } catch (error) {
    if (error instanceof RefusedError) return error.check;
    throw error;
  }
}
