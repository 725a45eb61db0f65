import { ConfigurationError } from '../config/index.js';
import type { Logger } from '../logging/index.js';
import type { Listener } from './listener.js';
import { credentialsFrom, readTexts, type CredentialTexts, type ServerCredentials } from './server-credentials.js';
import type { TlsListener } from './tls-listener.js';
import { tlsOptions } from './tls-options.js';

export interface RenewCertificatesOptions {
  listener: Listener;
  server: Pick<TlsListener, 'renew'>;
  /** what the server was started with */
  inUse: ServerCredentials;
  logger: Logger;
}

/**
 * Puts a listener's certificate and key into use when their files change and hold a pair that fits and is within its
 * dates; anything else leaves the present pair in use and is logged once.
 * Looks at the contents now and then: a watch misses what is renamed into place or changes behind a symbolic link.
 */
export class RenewCertificates {
  private timer: NodeJS.Timeout | undefined;
  private current: ServerCredentials;
  /** seen at the last look, and not usable */
  private unusable: { seen: string; reported: boolean } | undefined;

  constructor(private readonly options: RenewCertificatesOptions) {
    this.current = options.inUse;
  }

  get name(): string {
    return this.options.listener.name;
  }

  /** of the certificate in use */
  get notAfter(): Date {
    return this.current.notAfter;
  }

  start(intervalMs: number): void {
    this.timer = setInterval(() => this.look(new Date()), intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(now: Date): void {
    const { listener, server, logger } = this.options;
    let texts: CredentialTexts | undefined;
    try {
      texts = readTexts(listener);
      if (texts.cert === this.current.cert && texts.key === this.current.key) return void (this.unusable = undefined);
      const renewed = credentialsFrom(listener, texts);
      assertWithinDates(listener, renewed, now);
      server.renew(tlsOptions(renewed, listener.requestClientCertificate));
      this.current = renewed;
      this.unusable = undefined;
      logger.info({ listener: listener.name, not_after: renewed.notAfter }, 'server certificate renewed');
    } catch (error) {
      this.report(error, texts);
    }
  }

  // Two files are not replaced in one step: only a pair that is still unusable at the next look is worth a line.
  private report(error: unknown, texts: CredentialTexts | undefined): void {
    const seen = texts ? texts.cert + texts.key : 'unreadable';
    const again = this.unusable?.seen === seen;
    if (again && !this.unusable?.reported) {
      const { listener, logger } = this.options;
      logger.error(
        { listener: listener.name, err: error },
        'server certificate not renewed: the one before stays in use',
      );
    }
    this.unusable = { seen, reported: again };
  }
}

function assertWithinDates(listener: Listener, { notBefore, notAfter }: ServerCredentials, now: Date): void {
  if (notBefore > now || notAfter <= now) {
    throw new ConfigurationError([
      `The certificate of listener "${listener.name}" is valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}.`,
    ]);
  }
}
