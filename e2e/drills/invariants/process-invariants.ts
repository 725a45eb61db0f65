import { join } from 'node:path';
import { failuresIn } from '../../stack/log-lines.js';
import { runCommand } from '../../stack/processes/one-shot-command.js';
import type { Stack } from '../../stack/start-stack.js';
import type { Invariant } from './invariant.js';

/** @param logFiles of every replica */
export function processInvariants(stack: Stack, directory: string, logFiles: () => string[]): Invariant[] {
  const settings = { DATABASE_URL: stack.settings['partner-registry']['DATABASE_URL']! };
  const command = { app: 'partner-registry', command: 'verify-audit', settings } as const;
  return [
    {
      name: 'the audit chain is whole, its head included',
      broken: () =>
        runCommand({ ...command, logFile: join(directory, 'verify-audit.log') }).then(
          () => [],
          (error: Error) => [error.message],
        ),
    },
    {
      name: 'no registry logged a failure of its own',
      broken: () =>
        Promise.resolve(
          logFiles()
            .flatMap(failuresIn)
            .map((line) => JSON.stringify(line).slice(0, 500)),
        ),
    },
  ];
}
