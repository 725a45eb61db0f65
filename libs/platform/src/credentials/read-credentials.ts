import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigurationError } from '../config/index.js';

/** Where a certificate and its private key lie. */
export interface CredentialFiles {
  certFile: string;
  keyFile: string;
  /** whose they are, as a sentence about them says it: `listener "tls"` */
  owner: string;
}

/** What the two files hold. */
export interface CredentialTexts {
  cert: string;
  key: string;
}

/** PEM texts that were seen to fit each other. */
export interface Credentials extends CredentialTexts {
  notBefore: Date;
  notAfter: Date;
}

/**
 * Reads a certificate and its key. Throws ConfigurationError when one cannot be read or parsed, when they do not
 * belong together, or when TLS would not take them.
 * Does not check: names, dates, the chain.
 */
export function readCredentials(files: CredentialFiles): Credentials {
  return credentialsFrom(files.owner, readTexts(files));
}

/** Throws ConfigurationError when a file cannot be read. */
export function readTexts({ certFile, keyFile, owner }: CredentialFiles): CredentialTexts {
  const cert = readPem(certFile, `The certificate file of ${owner}`);
  const key = readPem(keyFile, `The key file of ${owner}`);
  return { cert, key };
}

/** The checks of readCredentials() on texts that were read before. */
export function credentialsFrom(owner: string, { cert, key }: CredentialTexts): Credentials {
  const subject = (what: string) => `The ${what} of ${owner}`;
  const certificate = parseCertificate(cert, subject('certificate file'));
  if (!certificate.checkPrivateKey(parseKey(key, subject('key file')))) {
    throw new ConfigurationError([`${subject('private key')} does not belong to its certificate.`]);
  }
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new ConfigurationError([`${subject('certificate and key')} are not accepted for TLS (${codeOf(error)}).`], {
      cause: error,
    });
  }
  return { cert, key, notBefore: new Date(certificate.validFrom), notAfter: new Date(certificate.validTo) };
}

function readPem(path: string, subject: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError([`${subject} cannot be read (${codeOf(error)}).`], { cause: error });
  }
}

function parseCertificate(pem: string, subject: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new ConfigurationError([`${subject} is not a PEM certificate.`], { cause: error });
  }
}

function parseKey(pem: string, subject: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    const fault = pem.includes('ENCRYPTED') ? 'is encrypted; give an unencrypted key' : 'is not a PEM private key';
    throw new ConfigurationError([`${subject} ${fault}.`], { cause: error });
  }
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? (error as Error).message);
}
