import { runCommand } from '@partner-ecosystem/platform/command';
import { renewalConfig } from '../configuration/config.js';
import { renewRegistryClient } from '../platform-identity/renew-registry-client.js';
import { givenFile } from './given-file.js';
import { refusalOf } from './refusal-of.js';

runCommand({
  name: 'renew-registry-client',
  summary:
    'for when the registry itself cannot follow the revocations any more and answers 503 to everybody: makes sure, directly in the database, that its own client is there and active, with the grant and with the given certificate; may be repeated; prints the client id as JSON',
  variables: {
    DATABASE_URL: 'the login the registry runs with',
    AUDIENCE: 'the audience of this registry, as it is configured',
    ISSUER: 'the issuer of the token service, as it is configured; registered as a resource server when it is not yet',
    CLIENT_ID:
      'optional: the client the registry is configured with. Without it another one is made (for a registry that never had one, or when that one is beyond repair), which the registry then has to be configured with; one that has the certificate already is taken again',
  },
  options: { 'registry-certificate': { type: 'string' } },
  optionTexts: {
    '--registry-certificate <file>':
      'the registry’s client certificate, PEM; intermediates may follow it; required. A suspended client, and a suspended partner of the platform, are reinstated; when the client has as many active certificates as it may, the ones that end first are superseded',
  },
  run: async (values) => {
    const registryCertificate = givenFile('--registry-certificate', values['registry-certificate']);
    const renewal = { ...renewalConfig(), registryCertificate, now: new Date() };
    const renewed = await renewRegistryClient(renewal).catch((error: unknown) => {
      throw refusalOf(error);
    });
    return JSON.stringify(renewed);
  },
});
