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

  get tokenEndpointAlias(): string {
    return `${this.mtlsBaseUrl}/token`;
  }
}
