import { decodeJwt } from 'jose';
import { LONGEST_ASSERTION } from './assertion-header.js';

/**
 * The client that an assertion names as its `sub` (RFC 7521 section 4.2).
 * @returns undefined when it cannot be read
 *
 * Does not check: anything. It only chooses whose keys have to verify the assertion.
 */
export function claimedSubject(assertion: string): string | undefined {
  if (assertion.length > LONGEST_ASSERTION) return undefined;
  try {
    const { sub } = decodeJwt(assertion);
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}
