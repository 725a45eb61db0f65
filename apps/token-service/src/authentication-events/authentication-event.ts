/**
 * A token given, or a client refused where clients authenticate, as it is stored; names are those of the columns. Never a
 * token, a key or a request's text.
 */
export interface AuthenticationEvent {
  /** ISO 8601, milliseconds: when the request arrived. */
  readonly occurred_at: string;
  readonly request_id: string;
  readonly outcome: 'granted' | 'refused';
  /** RFC 6749's code, as the caller saw it; null when granted. */
  readonly error: string | null;
  /** The stable name of the check that refused. */
  readonly failed_check: string | null;
  /** As claimed; proven only where `authenticated`. */
  readonly client_id: string | null;
  /** Of the registered client with this id. */
  readonly partner_id: string | null;
  readonly method: string | null;
  readonly authenticated: boolean;
  /** Of the certificate the connection presented. */
  readonly thumbprint: string | null;
  readonly address: string | null;
  readonly audience: string | null;
  readonly scope: string | null;
  readonly jti: string | null;
  /** When the token ends; ISO 8601. */
  readonly expires_at: string | null;
}
