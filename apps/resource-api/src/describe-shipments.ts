import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { describeApi } from '@partner-ecosystem/platform/openapi';
import { SERVICE } from './process/service.js';
import { SHIPMENT_PROBLEMS } from './shipments/shipment-problems.js';

/** Swagger UI at `/docs`; only on the listener that asks for a certificate can it call the shipments. */
export function describeShipments(app: NestFastifyApplication, audience: string): void {
  describeApi(app, {
    title: 'Shipments',
    version: SERVICE.version,
    description: descriptionFor(audience),
    tags: [
      { name: 'shipments', description: 'Booked and read by the partner they belong to.' },
      { name: 'metadata', description: 'What a client needs to know of this API (RFC 9728).' },
      { name: 'problems', description: 'What a code means, and what to do about it.' },
    ],
    problems: SHIPMENT_PROBLEMS,
    listeners: ['tls', 'mtls'],
    securitySchemes: {
      bound_token: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'at+jwt',
        description: 'An access token bound to the client certificate of your connection (RFC 8705).',
      },
    },
  });
}

const FETCH_TOKEN = `
source .local/env
curl --cacert "$CA" --cert .local/acme.crt --key .local/acme.key \\
  -d grant_type=client_credentials -d client_id="$ACME_CLIENT_ID" \\
  -d resource="$RESOURCE_AUDIENCE" "$TOKEN_ENDPOINT"
`.trim();

function descriptionFor(audience: string): string {
  return `
**Try it out** needs a client certificate and a token that is bound to it:

1. Import \`.local/acme.p12\` into your browser (\`npm start\` prints its passphrase), and \`.local/ca.pem\` as an authority.
   Firefox: Settings, *View Certificates*. Chromium: \`chrome://certificate-manager\`.
2. Open this page as [${audience}/docs](${audience}/docs), the address that asks for a certificate, and choose *acme*.
3. Fetch a token with the same certificate:
   \`\`\`sh
${FETCH_TOKEN.replaceAll(/^/gm, '   ')}
   \`\`\`
4. Paste the \`access_token\` under **Authorize**. It is valid for a few minutes.

\`operator.p12\`, the key to the partner registry, does not help here: it proves the operator, who has no \`shipments:…\`
scope unless it was granted one. \`acme\` and \`globex\` are two sample partners. Neither sees the other's shipments, and a token
of one is refused over the other's certificate.
`.trim();
}
