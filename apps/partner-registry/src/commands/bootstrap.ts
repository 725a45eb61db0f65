import { dirname, resolve } from 'node:path';
import { CommandError, runCommand } from '@partner-ecosystem/platform/command';
import { z } from 'zod';
import { bootstrapConfig } from '../configuration/config.js';
import { text } from '../http/fields.schema.js';
import { bootstrapOperator, type BootstrapServer } from '../platform-identity/bootstrap-operator.js';
import { OperatorExistsError } from '../platform-identity/operator-exists-error.js';
import { newResourceServer } from '../resource-servers/resource-server.schema.js';
import { givenFile } from './given-file.js';
import { refusalOf } from './refusal-of.js';

const FAILED = 1;
const OPERATOR_EXISTS = 3;

const serverFile = newResourceServer.extend({
  client: z.strictObject({ client_name: text(200), certificate_file: z.string().min(1) }).optional(),
});

runCommand({
  name: 'bootstrap',
  summary:
    'registers the first operator, the registry, the token service and the given resource servers; refused (exit code 3) once there is an operator; prints the client ids as JSON',
  variables: {
    DATABASE_URL: 'the login the registry runs with',
    AUDIENCE: 'the audience of this registry, as it will be configured',
    ISSUER: 'the issuer of the token service, as it will be configured; the audience of its own routes',
  },
  options: {
    'operator-certificate': { type: 'string' },
    'registry-certificate': { type: 'string' },
    'resource-server': { type: 'string', multiple: true },
  },
  optionTexts: {
    '--operator-certificate <file>': 'the operator’s client certificate, PEM; intermediates may follow it; required',
    '--registry-certificate <file>':
      'the registry’s own client certificate, with which it follows revocations, PEM; required',
    '--resource-server <file>':
      'JSON {audience, name, environment, scopes: [{name, description}], client: {client_name, certificate_file}}; may be repeated; with a client (its certificate PEM, the path as seen from the JSON file) it can follow revocations and introspect at once',
  },
  run: async (values) => {
    const operatorCertificate = givenFile('--operator-certificate', values['operator-certificate']);
    const registryCertificate = givenFile('--registry-certificate', values['registry-certificate']);
    const bootstrapped = await bootstrapOperator({
      ...bootstrapConfig(),
      operatorCertificate,
      registryCertificate,
      resourceServers: (values['resource-server'] ?? []).map(resourceServerFrom),
      now: new Date(),
    }).catch((error: unknown) => {
      throw error instanceof OperatorExistsError ? new CommandError(error.message, OPERATOR_EXISTS) : refusalOf(error);
    });
    return JSON.stringify(bootstrapped);
  },
});

function resourceServerFrom(file: string): BootstrapServer {
  let content: unknown;
  try {
    content = JSON.parse(givenFile('--resource-server', file));
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(`${file} is not JSON`, FAILED);
  }
  const parsed = serverFile.safeParse(content);
  if (parsed.success) {
    const { client, ...server } = parsed.data;
    if (!client) return server;
    const certificate = givenFile('certificate_file', resolve(dirname(file), client.certificate_file));
    return { ...server, client: { client_name: client.client_name, certificate } };
  }
  const faults = parsed.error.issues.map(({ path, message }) => `  /${path.join('/')}: ${message}`);
  throw new CommandError([`${file} is not as expected:`, ...faults].join('\n'), FAILED);
}
