import { relative } from 'node:path';
import type { Stack } from '../start-stack.js';

/** What `npm start` prints when all is up. */
export function nextSteps(stack: Stack, directory: string, passphrase: string): string {
  const { urls } = stack;
  const nearby = relative(process.cwd(), directory);
  const local = nearby.startsWith('..') ? directory : nearby;
  return `
The stack is running. Everything in ${local}/ is throwaway and dies with it.

  token service     ${urls.issuer}/docs
                    ${urls.issuer}/.well-known/oauth-authorization-server
                    ${urls.tokenEndpoint}   (asks for a client certificate)
  partner registry  ${urls.registry}/docs   (asks for a client certificate)
                    ${urls.registryPublic}/docs
                    ${urls.registryHttp}/certificate-authorities/sandbox.pem   (CRLs and issuers, without TLS)
  sample API        ${urls.resource}/docs   (asks for a client certificate)
                    ${urls.resourcePublic}/docs
  management        ${Object.values(urls.management)
    .map((url) => `${url}/readyz`)
    .join('  ')}
  logs              ${local}/stack/logs/

In a browser: import ${local}/operator.p12 (passphrase ${passphrase}; acme.p12 and globex.p12 have the same) as your
certificate and ${local}/ca.pem as an authority for web sites, then open one of the /docs.

In a shell, as the partner "acme":

  . ${local}/env
  curl --cacert "$CA" --cert ${local}/acme.crt --key ${local}/acme.key "$TOKEN_ENDPOINT" \\
    -d grant_type=client_credentials -d client_id="$ACME_CLIENT_ID"
  # put its access_token into TOKEN, then:
  curl --cacert "$CA" --cert ${local}/acme.crt --key ${local}/acme.key "$RESOURCE/v1/shipments" -H "Authorization: Bearer $TOKEN"
  # and as the thief "globex", with the same token: 401
  curl -i --cacert "$CA" --cert ${local}/globex.crt --key ${local}/globex.key "$RESOURCE/v1/shipments" -H "Authorization: Bearer $TOKEN"

Ctrl-C stops everything and removes ${local}/.
`;
}
