import { X509Certificate } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { answerLauncher } from './answer-launcher.js';
import { listenTls, type ServerPem } from './tls-server.js';

/** What `peer` is to be. */
export interface PeerSettings {
  readonly kind: 'peer';
  readonly server: ServerPem;
  /** PEM of the authority of the clients' certificates */
  readonly clientCa: string;
  readonly clients: readonly { readonly clientId: string; readonly subject: string }[];
  readonly audience: string;
  readonly scopes: readonly string[];
}

// oidc-provider as its documentation sets it up for machines: tls_client_auth, certificate-bound ES256 JWTs for a resource,
// its own in-memory adapter. Each certificate is parsed once per connection, which is more than its documentation asks for.

interface Context {
  readonly req: IncomingMessage;
}

const certificates = new WeakMap<object, X509Certificate>();

function certificateOf({ req }: Context): X509Certificate {
  const socket = req.socket as TLSSocket;
  const known = certificates.get(socket);
  if (known) return known;
  const certificate = new X509Certificate(socket.getPeerCertificate().raw);
  certificates.set(socket, certificate);
  return certificate;
}

function featuresFor({ audience, scopes }: PeerSettings): object {
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate: certificateOf,
      certificateAuthorized: ({ req }: Context) => (req.socket as TLSSocket).authorized,
      certificateSubjectMatches: (context: Context, property: string, expected: string) =>
        property === 'tls_client_auth_subject_dn' && certificateOf(context).subject === expected,
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: scopes.join(' '),
        audience,
        accessTokenTTL: 300,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  };
}

async function start(settings: PeerSettings): Promise<{ port: number }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const clients = settings.clients.map(({ clientId, subject }) => ({
    client_id: clientId,
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: subject,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    tls_client_certificate_bound_access_tokens: true,
    id_token_signed_response_alg: 'ES256',
    scope: settings.scopes.join(' '),
  }));
  const provider = new Provider('https://localhost', {
    clients,
    scopes: [...settings.scopes],
    clientAuthMethods: ['tls_client_auth'],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
    features: featuresFor(settings),
  });
  const answer = provider.callback();
  return listenTls(settings.server, (request, response) => void answer(request, response), settings.clientCa);
}

answerLauncher(start);
