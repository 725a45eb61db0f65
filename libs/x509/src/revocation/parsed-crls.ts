import { parseCrl } from './parse-crl.js';
import type { Crl } from './crl.js';

/** What an entry of a parsed list takes beside its octets, as measured. */
const BYTES_PER_ENTRY = 250;

/** Parsed lists by the SHA-256 of their DER, within a bound of memory: those asked for longest ago go first. */
export class ParsedCrls {
  readonly #lists = new Map<string, Crl>();
  #bytes = 0;

  /** @param mostBytes of memory, about; one list is kept whatever it takes, as it would be parsed for every question */
  constructor(private readonly mostBytes = 128 * 1024 * 1024) {}

  get(sha256: string): Crl | undefined {
    const list = this.#lists.get(sha256);
    if (list === undefined) return undefined;
    this.#lists.delete(sha256);
    this.#lists.set(sha256, list);
    return list;
  }

  /** Throws what `parseCrl` throws. */
  add(der: Uint8Array): Crl {
    const list = parseCrl(der);
    const known = this.get(list.sha256);
    if (known !== undefined) return known;
    this.#lists.set(list.sha256, list);
    this.#bytes += sizeOf(list);
    for (const [sha256, oldest] of this.#lists) {
      if (this.#bytes <= this.mostBytes || sha256 === list.sha256) break;
      this.#lists.delete(sha256);
      this.#bytes -= sizeOf(oldest);
    }
    return list;
  }
}

function sizeOf({ der, revoked }: Crl): number {
  return der.length + revoked.size * BYTES_PER_ENTRY;
}
