import type { ActiveMutation } from '../mutations/words/mutation-context.js';
import { RegistryError } from '../problems/registry-error.js';
import type { TrustAnchor } from '../records/trust-anchor.entity.js';
import type { TrustAnchorRepository } from '../records/trust-anchor.repository.js';

/** @throws RegistryError `not_found`, `invalid_transition`, `precondition_required`, `precondition_failed` */
export async function lockActiveAnchor(
  mutation: ActiveMutation,
  anchors: TrustAnchorRepository,
  id: string,
): Promise<TrustAnchor> {
  const anchor = await anchors.lock(mutation.transaction, id);
  if (!anchor) throw RegistryError.notFound();
  mutation.assertMatches(anchor);
  if (anchor.status === 'active') return anchor;
  throw new RegistryError('invalid_transition', { detail: 'The trust anchor is retired, which is final.' });
}
