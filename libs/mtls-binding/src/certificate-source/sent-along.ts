/** A real path has one or two intermediates. */
const MOST = 8;
/** Octets of all of them. The largest in use, with post-quantum keys and signatures, have some 8,000. */
const LARGEST = 64 * 1024;

/** Of the certificates that came along with a leaf, as many as are worth looking at; the rest is dropped. */
export function sentAlong(ders: Iterable<Buffer>): { intermediates?: readonly Buffer[] } {
  const kept: Buffer[] = [];
  let size = 0;
  for (const der of ders) {
    size += der.length;
    if (kept.length === MOST || size > LARGEST) break;
    kept.push(der);
  }
  return kept.length === 0 ? {} : { intermediates: kept };
}
