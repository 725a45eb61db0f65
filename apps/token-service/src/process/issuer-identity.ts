/** Where this token service is found: its identifier (the first listener) and the base of the second one. */
export class IssuerIdentity {
  /**
   * @param issuer an https origin, compared exactly by everybody // A1
   * @param mtlsBaseUrl the origin of the listener that asks for client certificates // T5
   */
  constructor(
    readonly issuer: string,
    readonly mtlsBaseUrl: string,
  ) {}

  /** It takes bound tokens only, so it is where certificates are asked for, and nowhere else. */
  get revocationsEndpoint(): string {
    return `${this.mtlsBaseUrl}/revocations`;
  }

  /** Of the endpoints that authenticate clients, where that can be done by certificate. // T5 */
  get aliases() {
    return {
      token_endpoint: `${this.mtlsBaseUrl}/token`,
      introspection_endpoint: `${this.mtlsBaseUrl}/introspect`,
      revocation_endpoint: `${this.mtlsBaseUrl}/revoke`,
    };
  }
}
