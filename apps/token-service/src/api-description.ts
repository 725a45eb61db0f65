import type { DescribeApiOptions } from '@partner-ecosystem/platform/openapi';
import type { ServiceConfig } from './configuration/config.js';
import { VERSION } from './process/version.js';

const text = (mtlsBaseUrl: string) => `
**Try it out needs a client certificate.** The stack of \`npm start\` writes one for the operator:

1. Import \`.local/operator.p12\` into your browser or key chain (its passphrase is printed at the start), and trust \`.local/ca.pem\`.
2. Open [${mtlsBaseUrl}/docs](${mtlsBaseUrl}/docs), this page on the listener that asks for a certificate, and choose the operator's.
3. \`POST /token\` with the \`OPERATOR_CLIENT_ID\` of \`.local/env\`. The same in a shell:

\`\`\`sh
source .local/env
curl --cacert "$CA" --cert .local/operator.crt --key .local/operator.key \\
  -d grant_type=client_credentials -d client_id="$OPERATOR_CLIENT_ID" -d resource="$REGISTRY_AUDIENCE" "$TOKEN_ENDPOINT"
\`\`\`

\`POST /introspect\` (RFC 7662) says whether a token is good: to the client it was given to, and to those linked to its
resource server. \`POST /revoke\` (RFC 7009) ends a token of one's own; every API refuses it within a second.

A token is bound to the certificate it was asked for with (RFC 8705): over any other connection it is worthless.
Reuse connections and tokens: a TLS handshake costs both sides more than a token does.
`;

const TAGS = [
  { name: 'token', description: 'Access tokens, bound to the certificate of the connection.' },
  { name: 'introspection', description: 'Whether a token is good now (RFC 7662).' },
  { name: 'revocation', description: 'Ending one token (RFC 7009), and the feed that tells every guard.' },
  { name: 'metadata', description: 'What clients and guards need to know of this issuer (RFC 8414, RFC 7517).' },
  { name: 'problems', description: 'What a code means, and what to do about it.' },
] as const;

/** What Swagger UI shows of this app. */
export function apiDescription({ mtlsBaseUrl }: Pick<ServiceConfig, 'mtlsBaseUrl'>): DescribeApiOptions {
  return {
    title: 'Token service',
    version: VERSION,
    description: text(mtlsBaseUrl).trim(),
    // On both: Try it out of POST /token is same origin only on the second.
    listeners: ['tls', 'mtls'],
    tags: TAGS,
    securitySchemes: {
      client_certificate: {
        // OpenAPI 3.1 has it; the typings are of 3.0
        type: 'mutualTLS' as 'http',
        description: 'The client certificate registered for the client (RFC 8705).',
      },
    },
  };
}
