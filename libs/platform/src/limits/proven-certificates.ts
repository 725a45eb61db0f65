// Some two megabytes.
const MOST = 10_000;

/** Which client was last proved by which certificate; the ones proved longest ago are forgotten first. */
export class ProvenCertificates {
  readonly #clients = new Map<string, string>();

  constructor(private readonly most = MOST) {}

  clientOf(certificate: string): string | undefined {
    return this.#clients.get(certificate);
  }

  remember(certificate: string, clientId: string): void {
    this.#clients.delete(certificate);
    this.#clients.set(certificate, clientId);
    if (this.#clients.size <= this.most) return;
    const [oldest] = this.#clients.keys();
    this.#clients.delete(oldest!);
  }

  forget(certificate: string): void {
    this.#clients.delete(certificate);
  }
}
