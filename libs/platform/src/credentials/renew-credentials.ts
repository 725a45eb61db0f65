import { ConfigurationError } from '../config/index.js';
import type { Logger } from '../logging/index.js';
import {
  credentialsFrom,
  readTexts,
  type CredentialFiles,
  type Credentials,
  type CredentialTexts,
} from './read-credentials.js';

export interface RenewCredentialsOptions {
  files: CredentialFiles;
  /** what was read of them at the start */
  inUse: Credentials;
  /** puts a renewed pair into use; what it throws leaves the present pair in use */
  use: (renewed: Credentials) => void;
  /** what they are, for the log: `server certificate` */
  kind: string;
  /** further fields of its lines */
  fields?: Record<string, unknown>;
  logger: Logger;
}

/**
 * Puts a certificate and key into use when their files change and hold a pair that fits and is within its dates;
 * anything else leaves the present pair in use and is logged once.
 * Looks at the contents now and then: a watch misses what is renamed into place or changes behind a symbolic link.
 */
export class RenewCredentials {
  private timer: NodeJS.Timeout | undefined;
  private current: Credentials;
  /** seen at the last look, and not usable */
  private unusable: { seen: string; reported: boolean } | undefined;

  constructor(private readonly options: RenewCredentialsOptions) {
    this.current = options.inUse;
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
    const { files, use, kind, fields, logger } = this.options;
    let texts: CredentialTexts | undefined;
    try {
      texts = readTexts(files);
      if (texts.cert === this.current.cert && texts.key === this.current.key) return void (this.unusable = undefined);
      const renewed = credentialsFrom(files.owner, texts);
      assertWithinDates(files.owner, renewed, now);
      use(renewed);
      this.current = renewed;
      this.unusable = undefined;
      logger.info({ ...fields, not_after: renewed.notAfter }, `${kind} renewed`);
    } catch (error) {
      this.report(error, texts);
    }
  }

  // Two files are not replaced in one step: only a pair that is still unusable at the next look is worth a line.
  private report(error: unknown, texts: CredentialTexts | undefined): void {
    const seen = texts ? texts.cert + texts.key : 'unreadable';
    const again = this.unusable?.seen === seen;
    if (again && !this.unusable?.reported) {
      const { kind, fields, logger } = this.options;
      logger.error({ ...fields, err: error }, `${kind} not renewed: the one before stays in use`);
    }
    this.unusable = { seen, reported: again };
  }
}

function assertWithinDates(owner: string, { notBefore, notAfter }: Credentials, now: Date): void {
  if (notBefore > now || notAfter <= now) {
    throw new ConfigurationError([
      `The certificate of ${owner} is valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}.`,
    ]);
  }
}
