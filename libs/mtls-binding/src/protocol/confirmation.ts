import { timingSafeEqual } from 'node:crypto';
import { RefusedError } from './errors.js';

// The function that writes `cnf` and the one that checks it share this file, so that they cannot drift apart.

/** The `cnf` claim of a certificate-bound access token (RFC 8705 section 3.1). */
export interface Confirmation {
  /** base64url without padding of SHA-256 over the certificate's DER: 43 characters. */
  readonly 'x5t#S256': string;
}

const METHOD = 'x5t#S256';
const CANONICAL = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const LENGTH = 43;

/**
 * The `cnf` claim that binds a token to a certificate. // A16
 * @param thumbprint base64url(SHA-256(DER)) as `thumbprintOf` of `@partner-ecosystem/x509` returns it
 * @throws TypeError when it is no SHA-256 thumbprint: a programmer's mistake that would mint a token nobody can use
 */
export function confirmationOf(thumbprint: string): Confirmation {
  if (typeof thumbprint !== 'string' || !isThumbprint(thumbprint)) {
    throw new TypeError('confirmationOf() needs a base64url SHA-256 thumbprint of 43 characters');
  }
  return { [METHOD]: thumbprint };
}

/**
 * Reads a `cnf` claim. Fails closed: a token without one, with a method we do not know, or with several is refused. // R5
 * @throws RefusedError `invalid_token`
 */
export function confirmationFrom(claim: unknown): Confirmation {
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim)) throw missing();
  const methods = Object.keys(claim);
  const thumbprint = (claim as Record<string, unknown>)[METHOD];
  if (methods.length !== 1 || typeof thumbprint !== 'string' || !isThumbprint(thumbprint)) {
    throw new RefusedError(
      'invalid_token',
      'confirmation_unknown',
      'the cnf claim is not exactly one well-formed x5t#S256',
    );
  }
  return { [METHOD]: thumbprint };
}

/** @throws RefusedError `invalid_token` when there is none: a plain bearer token, good for whoever stole it. // R5 */
export function confirmedBy(confirmation: Confirmation | undefined): Confirmation {
  if (!confirmation) throw missing();
  return confirmation;
}

function missing(): RefusedError {
  return new RefusedError(
    'invalid_token',
    'confirmation_missing',
    'the token carries no cnf claim: a plain bearer token',
  );
}

/**
 * Holds the token to the certificate that this connection proved. // R5
 * @param presented thumbprint of the presented certificate; undefined when none was
 * @throws RefusedError `invalid_token`
 */
export function assertBound(confirmation: Confirmation, presented: string | undefined): void {
  assertPresented(presented);
  const expected = confirmation[METHOD];
  if (!isSame(expected, presented)) {
    throw new RefusedError(
      'invalid_token',
      'certificate_mismatch',
      `the token is bound to certificate ${expected}, the connection presented ${presented}`,
    );
  }
}

/** @throws RefusedError `invalid_token` when the connection presented no certificate: no bound token passes then. // R5 */
export function assertPresented(presented: string | undefined): asserts presented is string {
  if (presented === undefined) {
    throw new RefusedError(
      'invalid_token',
      'certificate_missing',
      'the token is bound to a certificate and the connection presented none',
    );
  }
}

// Written over by every comparison, which nothing interrupts: two buffers for each would be most of its cost.
const [ONE, OTHER] = [Buffer.alloc(LENGTH), Buffer.alloc(LENGTH)];

/** In constant time. Of each 32 bytes there is one text, so that texts are compared instead of what they stand for. */
function isSame(expected: string, presented: string): boolean {
  if (expected.length !== LENGTH || presented.length !== LENGTH) return false;
  ONE.write(expected, 'latin1');
  OTHER.write(presented, 'latin1');
  // latin1 keeps one byte of each character, so what is the same by then is compared once more.
  return timingSafeEqual(ONE, OTHER) && expected === presented;
}

/** 32 bytes as base64url, in the one canonical spelling: the last character has two unused bits, which are zero. */
function isThumbprint(text: string): boolean {
  return CANONICAL.test(text);
}
