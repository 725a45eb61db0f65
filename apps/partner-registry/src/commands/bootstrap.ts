import { readFileSync } from 'node:fs';
import { CommandError, runCommand } from '@partner-ecosystem/platform/command';
import { bootstrapConfig } from '../config.js';
import { bootstrapOperator } from '../operators/bootstrap-operator.js';
import { OperatorExistsError } from '../operators/operator-exists-error.js';
import { RegistryError } from '../problems/registry-error.js';
import { newResourceServer, type NewResourceServer } from '../resource-servers/resource-server.schema.js';

const FAILED = 1;
const CALLED_WRONGLY = 2;
const OPERATOR_EXISTS = 3;

runCommand({
  name: 'bootstrap',
  summary:
    'registers the first operator, the registry itself and the given resource servers; refused (exit code 3) once there is an operator',
  variables: {
    DATABASE_URL: 'the login the registry runs with',
    AUDIENCE: 'the audience of this registry, as it will be configured',
  },
  options: {
    'operator-certificate': { type: 'string' },
    'resource-server': { type: 'string', multiple: true },
  },
  optionTexts: {
    '--operator-certificate <file>': 'the operator’s client certificate, PEM; intermediates may follow it; required',
    '--resource-server <file>': 'JSON {audience, name, environment, scopes: [{name, description}]}; may be repeated',
  },
  run: async (values) => {
    const certificateFile = values['operator-certificate'];
    if (certificateFile === undefined) throw new CommandError('--operator-certificate is missing', CALLED_WRONGLY);
    const operator = await bootstrapOperator({
      ...bootstrapConfig(),
      operatorCertificate: contentOf(certificateFile),
      resourceServers: (values['resource-server'] ?? []).map(resourceServerFrom),
      now: new Date(),
    }).catch((error: unknown) => {
      throw refusalOf(error);
    });
    return JSON.stringify(operator);
  },
});

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, FAILED);
  }
}

function resourceServerFrom(file: string): NewResourceServer {
  let content: unknown;
  try {
    content = JSON.parse(contentOf(file));
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(`${file} is not JSON`, FAILED);
  }
  const parsed = newResourceServer.safeParse(content);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `  /${path.join('/')}: ${message}`);
  throw new CommandError([`${file} is not as expected:`, ...faults].join('\n'), FAILED);
}

function refusalOf(error: unknown): unknown {
  if (error instanceof OperatorExistsError) return new CommandError(error.message, OPERATOR_EXISTS);
  if (!(error instanceof RegistryError)) return error;
  const failed = (error.checks ?? []) as { id: string; result: string; observed: string; hint: string }[];
  const lines = failed
    .filter(({ result }) => result === 'fail')
    .map((check) => `  ${check.id}: ${check.observed}. ${check.hint}`);
  return new CommandError([error.message, ...lines].join('\n'), FAILED);
}
