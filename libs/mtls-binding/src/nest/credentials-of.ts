import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { CertificateSource } from '../certificate-source/certificate-source.js';
import { authorizationIn, bearerTokenFrom, bearerTokenIn } from '../protocol/authorization-header.js';

interface LastRead {
  readonly value: string;
  readonly token: string;
}

// The same text is the same object then, whose hash is known: looking a token up costs a tenth of reading it anew.
const lastOn = new WeakMap<Socket, LastRead>();

/**
 * The access token of a request. // R1
 * A partner's connection mostly brings the same one again: what its last Authorization header was read as is kept. Not for a
 * proxy's, which carries many partners.
 * @throws RefusedError
 */
export function credentialsOf({ rawHeaders, socket }: IncomingMessage, { readsHeader }: CertificateSource): string {
  if (readsHeader) return bearerTokenFrom(rawHeaders);
  const value = authorizationIn(rawHeaders);
  const last = lastOn.get(socket);
  if (last !== undefined && last.value === value) return last.token;
  const token = bearerTokenIn(value);
  lastOn.set(socket, { value: value!, token });
  return token;
}
