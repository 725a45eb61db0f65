/** One way in which a proxy hands a client's certificate on in a header: a field name and its strict decoder. */
export interface CertificateHeader {
  /** Field name as the proxy writes it; compared without regard to case. */
  readonly name: string;
  /** Field names, lower case, that the same proxy may send beside it. They are passed over, never believed. */
  readonly companions: readonly string[];
  /**
   * The leaf's DER, held by Node to be exactly one certificate.
   * @throws RefusedError `certificate_header_malformed` with the reason; never repeats any of the value
   *
   * Does not check: who sent the header, dates, path or registration.
   */
  decode(value: string): Buffer;
  /** Where this proxy writes what the client sent along with its leaf, if it does. */
  readonly chain?: CertificateChainHeader;
  /** What the proxy would write for this certificate: the start-up probe forges one. */
  encode(der: Buffer): string;
}

/** The certificates that a client sent along with its leaf, as a proxy hands them on. */
export interface CertificateChainHeader {
  /** A companion, lower case, that holds them; undefined: they are in the value of the leaf's own header. */
  readonly name?: string;
  /**
   * Their DER; the leaf may be among them.
   * @throws RefusedError `certificate_header_malformed`
   */
  decode(value: string): Buffer[];
}
