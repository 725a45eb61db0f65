import { showIdentifier } from '../identifiers/identifier.js';
import type { Certificate } from '../records/certificate.entity.js';
import { useWindowOf } from '../judgement/use-window.js';

/** What a change is answered with beside what it did. */
export interface CertificateWarning {
  readonly code: 'successor_unseen';
  readonly detail: string;
  /** uuids of the successors, of which none was seen */
  readonly certificate_ids: readonly string[];
}

/**
 * Who takes over from a certificate: what was registered to replace it, or else whatever else the client can use at that
 * moment.
 * @param others of the same client
 */
export function successorsOf<T extends Certificate>(
  certificate: Pick<Certificate, 'id'>,
  others: readonly T[],
  at: Date,
): T[] {
  const planned = others.filter((other) => other.id !== certificate.id && useWindowOf(other) !== undefined);
  const appointed = planned.filter(({ replaces }) => replaces === certificate.id);
  if (appointed.length > 0) return appointed;
  const moment = at.getTime();
  return planned.filter((other) => {
    const window = useWindowOf(other)!;
    return window.from <= moment && moment < window.until;
  });
}

/** Never a refusal: whoever retires a certificate may know better. */
export function successorWarnings(
  successors: readonly (Pick<Certificate, 'id'> & { readonly first_seen_at: Date | null })[],
): CertificateWarning[] {
  if (successors.some(({ first_seen_at: seen }) => seen !== null)) return [];
  const detail =
    successors.length === 0
      ? 'No other certificate of the client is in use then: it will obtain no token.'
      : `The token service never saw ${successors.map(({ id }) => showIdentifier('crt', id)).join(', ')}.`;
  return [{ code: 'successor_unseen', detail, certificate_ids: successors.map(({ id }) => id) }];
}
