import { CommandError } from '@partner-ecosystem/platform/command';
import { RegistryError } from '../problems/registry-error.js';

const FAILED = 1;

/** What a command says when a rule of the registry refused: of a certificate, every check it fails. Others stay as they are. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof RegistryError)) return error;
  const checks = (error.checks ?? []) as { id: string; result: string; observed: string; hint: string }[];
  const lines = checks
    .filter(({ result }) => result === 'fail')
    .map((check) => `  ${check.id}: ${check.observed}. ${check.hint}`);
  return new CommandError([error.message, ...lines].join('\n'), FAILED, { cause: error });
}
