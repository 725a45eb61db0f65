import type { RegisteredClient } from '../../records/registered-client.entity.js';
import type { AuthenticationMethod } from './authentication-method.js';

/** Who is asking, proven. The only thing later steps look at. // A15 */
export interface AuthenticatedClient {
  readonly client: RegisteredClient;
  readonly method: AuthenticationMethod;
  /** What the token is bound to, under every method. // A4, A17 */
  readonly certificate: { readonly thumbprint: string };
  /** Until when the certificate may be used: its `notAfter`, or earlier when it is retired or its path ends. // A27 */
  readonly certificateUsableUntil: Date;
}
