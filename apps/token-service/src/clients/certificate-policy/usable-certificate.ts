/** The certificate of the connection, which the client's policy allows right now. */
export interface UsableCertificate {
  readonly thumbprint: string;
  readonly usableUntil: Date;
}
