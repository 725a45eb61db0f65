import type { Certificate } from '../certificate/certificate.js';
import { issued } from './revocation-in.js';

/**
 * Of certificates that a stranger sent, those that are signed by an authority that is known, or by one of them that is.
 * No key of a stranger's is ever computed with. For few certificates: the work grows with the square of their number.
 * Does not check: anything else they say. That is for `judgePath`, which takes them as intermediates.
 */
export function vouchedFor(sent: readonly Certificate[], known: readonly Certificate[]): Certificate[] {
  const vouched: Certificate[] = [];
  const rest = new Set(sent);
  for (let authorities = known; authorities.length > 0 && rest.size > 0;) {
    const found = [...rest].filter((one) => authorities.some((authority) => authority.isCa && issued(authority, one)));
    for (const one of found) rest.delete(one);
    vouched.push(...found);
    authorities = found;
  }
  return vouched;
}
