/** The start-up probe got in with a certificate header that it wrote itself. `message` is for the operator. */
export class ForgedHeaderBelievedError extends Error {
  override readonly name = 'ForgedHeaderBelievedError';
  readonly code = 'forged_header_believed';

  /** @param url public URL that the probe used; @param header name of the header */
  constructor(url: string, header: string) {
    super(
      `A ${header} header that a client without certificate sends to ${url} reaches this API and is believed: ` +
        'anybody can be any partner. Make the proxy drop it: see docs/proxies of mtls-binding.',
    );
  }
}
