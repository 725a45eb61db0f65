import { randomBytes } from 'node:crypto';
import { toPkcs12, type Issued } from '@partner-ecosystem/test-pki';
import type { OnboardedPartner } from '../admin/onboard-partner.js';
import type { Stack } from '../start-stack.js';
import type { LocalDirectory } from './local-directory.js';

export interface SamplePartners {
  acme: OnboardedPartner;
  globex: OnboardedPartner;
}

/** Certificates, keys, PKCS#12 files for browsers and `env`; gives the passphrase of the PKCS#12 files. */
export async function writeLocalFiles(directory: LocalDirectory, stack: Stack, partners: SamplePartners) {
  const passphrase = randomBytes(6).toString('hex');
  const ca = directory.write('ca.pem', stack.pki.serverAuthority.certificatePem);
  const identities = { operator: stack.pki.operator, acme: partners.acme.identity, globex: partners.globex.identity };
  for (const [name, identity] of Object.entries(identities)) {
    await writeIdentity(directory, name, identity, passphrase);
  }
  directory.write(
    'env',
    environmentFile({
      ISSUER: stack.urls.issuer,
      TOKEN_ENDPOINT: stack.urls.tokenEndpoint,
      REGISTRY: stack.urls.registry,
      REGISTRY_HTTP: stack.urls.registryHttp,
      RESOURCE: stack.urls.resource,
      RESOURCE_MANAGEMENT: stack.urls.management['resource-api'],
      REGISTRY_AUDIENCE: stack.urls.registry,
      RESOURCE_AUDIENCE: stack.urls.resource,
      CA: ca,
      OPERATOR_CLIENT_ID: stack.operatorClientId,
      ACME_CLIENT_ID: partners.acme.clientId,
      GLOBEX_CLIENT_ID: partners.globex.clientId,
      P12_PASSPHRASE: passphrase,
      REGISTRY_DATABASE_URL: stack.settings['partner-registry']['DATABASE_URL']!,
    }),
  );
  return passphrase;
}

async function writeIdentity(directory: LocalDirectory, name: string, identity: Issued, passphrase: string) {
  directory.write(`${name}.crt`, identity.chainPem);
  directory.write(`${name}.key`, identity.privateKeyPem);
  directory.write(`${name}.p12`, await toPkcs12({ ...identity, passphrase, friendlyName: `${name} (throwaway)` }));
}

/** Lines for a POSIX shell to source. */
export function environmentFile(variables: Record<string, string>): string {
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`);
  return `${lines.join('\n')}\n`;
}
