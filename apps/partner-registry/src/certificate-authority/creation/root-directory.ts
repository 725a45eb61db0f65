import { createPrivateKey, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCertificate, type Certificate } from '@partner-ecosystem/x509';
import { pemBlock } from '../encoding/pem-block.js';
import { AuthorityRefusal } from './authority-refusal.js';

const LEAST_PASSPHRASE = 16;
// What the key derivation of PKCS#8 has to stand up to is a thief with all the time in the world.
const HOW_TO = '`openssl rand -base64 24` makes a good one';

export interface RootFiles {
  readonly certificate: Certificate;
  readonly key: KeyObject;
  /** the newest CRL, DER */
  readonly list: Buffer;
}

/**
 * Where a root lives: `root.key` (PKCS#8, encrypted), `root.crt` (PEM) and `root.crl` (DER), readable by their owner alone.
 * It belongs on a medium that is connected only while `create-ca` runs.
 */
export class RootDirectory {
  readonly #key: string;
  readonly #certificate: string;
  readonly #list: string;

  constructor(readonly path: string) {
    this.#key = join(path, 'root.key');
    this.#certificate = join(path, 'root.crt');
    this.#list = join(path, 'root.crl');
  }

  holdsRoot(): boolean {
    return [this.#key, this.#certificate, this.#list].some((file) => existsSync(file));
  }

  /** @throws AuthorityRefusal `root_directory_unusable`, `passphrase_wrong` */
  read(passphrase: string): RootFiles {
    const certificate = this.readCertificate();
    const key = openKey(this.readPart(this.#key), passphrase, this.#key);
    if (!certificate.x509.checkPrivateKey(key)) throw this.unusable('root.key does not belong to root.crt');
    return { certificate, key, list: this.readPart(this.#list) };
  }

  /** Never overwrites. @throws AuthorityRefusal `passphrase_weak` */
  write({ certificate, key, list }: { certificate: Buffer; key: KeyObject; list: Buffer }, passphrase: string): void {
    assertStrong(passphrase);
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
    const mine = { mode: 0o600, flag: 'wx' } as const;
    writeFileSync(this.#key, encrypted, mine);
    writeFileSync(this.#certificate, pemBlock('CERTIFICATE', certificate), mine);
    writeFileSync(this.#list, list, mine);
  }

  writeList(list: Buffer): void {
    writeFileSync(`${this.#list}.new`, list, { mode: 0o600 });
    renameSync(`${this.#list}.new`, this.#list);
  }

  private readCertificate(): Certificate {
    const pem = this.readPart(this.#certificate);
    try {
      return parseCertificate(pem);
    } catch (cause) {
      throw this.unusable('root.crt is no certificate', cause);
    }
  }

  private readPart(file: string): Buffer {
    try {
      return readFileSync(file);
    } catch (cause) {
      throw this.unusable(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
    }
  }

  private unusable(fault: string, cause?: unknown): AuthorityRefusal {
    return new AuthorityRefusal(
      'root_directory_unusable',
      `${this.path} does not hold a whole root: ${fault}. It has root.key, root.crt and root.crl, or nothing.`,
      { cause },
    );
  }
}

/** To be called before a key is made that would then be protected by it. @throws AuthorityRefusal `passphrase_weak` */
export function assertStrong(passphrase: string): void {
  if (passphrase.length >= LEAST_PASSPHRASE) return;
  const message = `the passphrase has ${passphrase.length} characters, expected ${LEAST_PASSPHRASE} or more; ${HOW_TO}`;
  throw new AuthorityRefusal('passphrase_weak', message);
}

function openKey(pem: Buffer, passphrase: string, file: string): KeyObject {
  // What lies there unencrypted would open with any passphrase.
  if (!pem.includes('BEGIN ENCRYPTED PRIVATE KEY'))
    throw new AuthorityRefusal('root_directory_unusable', `${file} is not an encrypted PKCS#8 key`);
  try {
    return createPrivateKey({ key: pem, passphrase });
  } catch {
    // OpenSSL's reason says nothing more, and stays out for that it may say too much
    throw new AuthorityRefusal('passphrase_wrong', `the passphrase does not open ${file}`);
  }
}
