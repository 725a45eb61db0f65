/** One TLS socket the app is served on. */
export interface Listener {
  /** what @OnListener names */
  name: string;
  host: string;
  /** 0: the system chooses, see RunningApp.addresses */
  port: number;
  /** PEM: the server's certificate, followed by its intermediates */
  certFile: string;
  /** PEM: the unencrypted private key */
  keyFile: string;
  /** true: every client is asked for a certificate, none is refused in the handshake; the app judges */
  requestClientCertificate: boolean;
  /** CIDR: balancers that begin each connection with a PROXY protocol header, version 2; none unless told */
  proxyProtocolFrom?: readonly string[];
}

/**
 * One socket without TLS, for what has to be had without it: CRLs (RFC 5280 section 8: to check the
 * certificate of an https server one would need the list that it serves).
 */
export interface PlainListener {
  /** what @OnListener names */
  name: string;
  host: string;
  /** 0: the system chooses; undefined: it is not opened, and routes that name it answer on their others alone */
  port: number | undefined;
}
