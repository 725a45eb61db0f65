/** A balancer that was to begin with a PROXY protocol header began with something else. */
export class ProxyHeaderError extends Error {
  override readonly name = 'ProxyHeaderError';

  constructor(readonly code: 'proxy_header_malformed' | 'proxy_header_unsupported' | 'proxy_header_missing') {
    super(code);
  }
}
