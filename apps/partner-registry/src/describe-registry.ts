import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { describeApi } from '@partner-ecosystem/platform/openapi';
import { SERVICE } from './process/service.js';
import { PROBLEMS } from './problems/problem-table.js';

const DESCRIPTION = `
**To try it out here** (on the listener that asks for a client certificate, port 9444 unless configured otherwise):

1. Import \`.local/operator.p12\` into the browser; \`npm start\` prints its passphrase. Firefox: Settings, Certificates,
   View Certificates, Your Certificates, Import. Chromium: Settings, Privacy and security, Security, Manage certificates.
   Import \`.local/ca.pem\` as an authority too. Reload this page and choose the operator's certificate.
2. Fetch an access token. It is bound to the certificate it was fetched with, so nobody else can use it:

   \`\`\`
   source .local/env; curl --cacert "$CA" --cert .local/operator.crt --key .local/operator.key -d grant_type=client_credentials -d client_id="$OPERATOR_CLIENT_ID" -d resource="$REGISTRY_AUDIENCE" "$TOKEN_ENDPOINT"
   \`\`\`
3. Press **Authorize**, paste the \`access_token\`, then **Try it out** on any operation.

**The way of a partner**: create a partner, register a client, upload its certificate (its subject becomes the client's
registered subject) or have the platform issue one (\`certificate-requests\`), grant scopes, activate client and partner. From then on the client fetches tokens at the token service.

**Conventions**: refusals are \`application/problem+json\` with a stable \`code\`, explained at \`/problems/{code}\`. Identifiers are
a prefix and 32 hexadecimal digits. Lists have \`limit\` (1 to 200, default 50) and an opaque \`cursor\`; \`Link: rel="next"\` leads to
the next page. Unknown fields and parameters are refused. A private key is refused wherever it is sent.

**Changing things**: every change takes \`?dry_run=true\`: it is done and checked, then undone, and the answer says
\`x-dry-run: true\`. An \`Idempotency-Key\` makes a request safe to repeat for 24 hours: it is carried out once and answered the same
each time. The \`ETag\` of an object is its version; PATCH, PUT, DELETE and actions (\`/suspend\`) need it as \`If-Match\`, so that
nobody overwrites what they have not seen. An action that cannot wait takes \`If-Match: *\`: whatever the version. Every change is an audit event (\`/v1/audit-events\`, as NDJSON for an export) and a change to follow (\`/v1/changes\`).

**Before it hurts**: \`GET …/impact?change=…\` of a trust anchor, partner, client, certificate or grant tells who would be cut off, and whose token
requests without \`resource\` would get something else. Answers to such a change have \`warnings\`, in a dry run too.

**Taking access away**: the answer carries \`Revocation-Seq\`, the number under which every API hears of it within a second; the
command \`await-guards\` waits until they have. \`/revoke-tokens\` of a client or a partner, and \`/v1/revoke-all-tokens\`, end the tokens
that were issued until now and nothing else.
`.trim();

/** In the order in which somebody needs them: onboarding, certificates, taking access away, looking back. */
const TAGS = [
  { name: 'partners', description: 'Companies whose servers call our APIs: created, suspended, offboarded.' },
  { name: 'contacts', description: 'People to reach at a partner.' },
  { name: 'clients', description: 'A partner’s systems, each with the way in which it authenticates.' },
  { name: 'certificates', description: 'What a client authenticates with, and what its tokens are bound to.' },
  { name: 'certificate-requests', description: 'Certificates that the platform issues.' },
  { name: 'resource servers', description: 'APIs and their scopes, and which clients speak for them.' },
  { name: 'grants', description: 'Which client has which scopes at which API: granted, requested, approved, revoked.' },
  { name: 'trust anchors', description: 'Authorities whose certificates a client may use, and their CRLs.' },
  { name: 'impact', description: 'What a change would break, before it is made.' },
  { name: 'revocations', description: 'Every token at once. One partner’s or client’s: see there.' },
  { name: 'audit', description: 'Who changed what, when and why.' },
  { name: 'changes', description: 'Every change as it happens, for programs that follow.' },
  { name: 'certificate-authorities', description: 'The platform’s own authorities and their CRLs, for everybody.' },
  { name: 'problems', description: 'What a code means, and what to do about it.' },
] as const;

/** Swagger UI at /docs, OpenAPI 3.1 at /docs/openapi.json; open to everybody, on both listeners. */
export function describeRegistry(app: NestFastifyApplication): void {
  describeApi(app, {
    title: 'Partner registry',
    version: SERVICE.version,
    description: DESCRIPTION,
    tags: TAGS,
    problems: PROBLEMS,
    listeners: ['tls', 'mtls'],
    servers: [{ url: '/', description: 'this listener' }],
    securitySchemes: {
      bound_token: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'An access token bound to your client certificate (RFC 8705).',
      },
    },
  });
}
