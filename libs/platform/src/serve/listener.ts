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
}
