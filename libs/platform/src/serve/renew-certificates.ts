import type { CredentialFiles, Credentials } from '../credentials/read-credentials.js';
import { RenewCredentials } from '../credentials/renew-credentials.js';
import type { Logger } from '../logging/index.js';
import type { Listener } from './listener.js';
import type { TlsListener } from './tls-listener.js';
import { tlsOptions } from './tls-options.js';

export interface RenewCertificatesOptions {
  listener: Listener;
  server: Pick<TlsListener, 'renew'>;
  /** what the server was started with */
  inUse: Credentials;
  logger: Logger;
}

/** Whose the certificate and key of a listener are. */
export function credentialFilesOf({ certFile, keyFile, name }: Listener): CredentialFiles {
  return { certFile, keyFile, owner: `listener "${name}"` };
}

/** Keeps a listener's certificate and key as its files have them; not yet started. */
export function renewCertificates({ listener, server, inUse, logger }: RenewCertificatesOptions): RenewCredentials {
  return new RenewCredentials({
    files: credentialFilesOf(listener),
    inUse,
    use: (renewed) => server.renew(tlsOptions(renewed, listener.requestClientCertificate)),
    kind: 'server certificate',
    fields: { listener: listener.name },
    logger,
  });
}
