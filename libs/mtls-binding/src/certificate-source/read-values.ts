/** How much is held on to. */
export interface Bounds {
  /** values */
  readonly max: number;
  /** characters; a longer value is read each time it comes */
  readonly longest: number;
}

/**
 * A pure reading of texts that come again and again, done once for each of them. A text is known by all of its characters; what
 * could not be read is not remembered. When half of the bound is new, what was not asked for since the last time is dropped.
 *
 * Does not check: anything. Who may say such a text is asked before, for each request.
 */
export class ReadValues<Read extends object> {
  #recent = new Map<string, Read>();
  #before = new Map<string, Read>();

  constructor(
    private readonly read: (text: string) => Read,
    private readonly bounds: Bounds,
  ) {}

  get size(): number {
    return this.#recent.size + this.#before.size;
  }

  /** @throws what `read` throws, each time anew */
  of(text: string): Read {
    const recent = this.#recent.get(text);
    if (recent) return recent;
    const read = this.#before.get(text) ?? this.read(text);
    if (text.length <= this.bounds.longest) this.#remember(text, read);
    return read;
  }

  #remember(text: string, read: Read): void {
    this.#before.delete(text);
    if ((this.#recent.size + 1) * 2 > this.bounds.max) {
      this.#before = this.#recent;
      this.#recent = new Map();
    }
    if (this.bounds.max >= 2) this.#recent.set(text, read);
  }
}
