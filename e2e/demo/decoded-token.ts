export interface DecodedToken {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** The readable halves of a JWT. Does not check: the signature, which is the APIs' work. */
export function decodedToken(token: string): DecodedToken {
  const [header, claims] = token.split('.', 2).map(decoded);
  return { header: header ?? {}, claims: claims ?? {} };
}

/** The thumbprint a token is bound to, RFC 8705 section 3.1; undefined when it is bound to none. */
export function boundThumbprint(token: string): unknown {
  return (decodedToken(token).claims['cnf'] as Record<string, unknown> | undefined)?.['x5t#S256'];
}

/** The same token with claims changed by somebody who does not have the signing key. */
export function tampered(token: string, changes: Record<string, unknown>): string {
  const [header, claims, signature] = token.split('.');
  const changed = JSON.stringify({ ...decoded(claims ?? ''), ...changes });
  return [header, Buffer.from(changed).toString('base64url'), signature].join('.');
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
