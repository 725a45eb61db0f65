import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority, type Issued } from '@partner-ecosystem/test-pki';
import type { Stage } from '../demo/stage.js';
import type { StackUrls } from '../stack/topology.js';

export interface ComposeStageOptions {
  /** the volume `operator` */
  secrets: string;
  serverCa: string;
  /** management is out of reach from where callers are */
  urls: Omit<StackUrls, 'jwks' | 'management'>;
}

/** The compose stack, as somebody sees it who only has the operator's key. Its database may hold earlier stories. */
export async function composeStage({ secrets, serverCa, urls }: ComposeStageOptions): Promise<Stage> {
  const read = (name: string): string => readFileSync(join(secrets, name), 'utf8');
  const outOfReach = { 'token-service': '', 'partner-registry': '', 'resource-api': '' };
  return {
    urls: { ...urls, jwks: `${urls.issuer}/jwks`, management: outOfReach },
    operatorClientId: read('client-id').trim(),
    pki: {
      serverAuthority: { certificatePem: readFileSync(serverCa, 'utf8') },
      clientAuthority: await createAuthority({ name: "Partners' CA" }),
      operator: issued(read('operator.crt'), read('operator.key')),
    },
    run: `-${randomBytes(4).toString('hex')}`,
  };
}

function issued(certificatePem: string, privateKeyPem: string): Issued {
  const der = new X509Certificate(certificatePem).raw;
  const thumbprint = createHash('sha256').update(der).digest('base64url');
  return { certificatePem, chainPem: certificatePem, privateKeyPem, der, thumbprint };
}
