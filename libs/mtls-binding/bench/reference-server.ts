import type { ServerIdentity } from './library.js';

/** What `npm run bench` (e2e/bench) tells one of these processes; the other end of it is there, in JSON's words. */
export interface ReferenceServer {
  /**
   * `open`: no guard; `guarded`: the library's; `public`: the library's, and the route is `@Public()`; `jose`: `jwtVerify` for
   * every request, and nothing else
   */
  readonly guard: 'open' | 'guarded' | 'public' | 'jose';
  readonly framework: 'fastify' | 'express';
  /** Where the guard has the client certificate from: this process's own TLS, or a `Client-Cert` header. */
  readonly certificateFrom: 'socket' | 'header';
  readonly identity: ServerIdentity;
  /** What it follows the revocations with. */
  readonly client: ServerIdentity;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  /** PEM of the authority that signed the issuer's certificate */
  readonly ca: string;
}
