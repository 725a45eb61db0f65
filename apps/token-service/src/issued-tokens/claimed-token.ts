import { decodeJwt, decodeProtectedHeader } from 'jose';

/** Whose a token is and where it is for, by its own word: nothing of it was verified. */
export interface ClaimedToken {
  readonly clientId: string;
  readonly audience: string;
}

/**
 * What an access token of this issuer says about itself. Read before anything is verified, so that what depends on whose
 * a token is costs and says the same whether the token was ever issued or not. // A25
 * @returns undefined for anything that does not even pass itself off as an access token of this issuer
 *
 * Does not check: the signature, dates, or anything else. Never believe it.
 */
export function claimedToken(token: string, issuer: string): ClaimedToken | undefined {
  try {
    const { typ } = decodeProtectedHeader(token);
    const { iss, aud, client_id: clientId } = decodeJwt(token);
    if (iss !== issuer || !isAccessTokenType(typ)) return undefined;
    if (typeof clientId !== 'string' || clientId === '' || typeof aud !== 'string') return undefined;
    return { clientId, audience: aud };
  } catch {
    return undefined; // no JWT at all
  }
}

function isAccessTokenType(typ: unknown): boolean {
  return typeof typ === 'string' && /^(application\/)?at\+jwt$/i.test(typ);
}
