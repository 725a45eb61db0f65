import { randomBytes } from 'node:crypto';

/** 128 random bits under a leading 01, so that it is positive and its encoding minimal (RFC 5280 4.1.2.2); hex. */
export function randomSerial(): string {
  return `01${randomBytes(16).toString('hex')}`;
}
