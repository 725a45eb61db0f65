import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../stack-error.js';
import { APP_NAMES, type AppName } from '../topology.js';
import { workspaceRoot } from '../workspace-root.js';

export const COMMANDS = [
  'prepare-database',
  'migrate',
  'bootstrap',
  'create-ca',
  'verify-audit',
  'await-guards',
  'distrust-key',
  'rotate-key',
] as const;
export type CommandName = (typeof COMMANDS)[number];

/** The file Node runs: the app itself, or one of its one-shot commands. */
export function builtFile(app: AppName, command?: CommandName, root = workspaceRoot()): string {
  return join(root, 'apps', app, 'dist', ...(command ? ['commands', `${command}.js`] : ['main.js']));
}

/** Throws StackError `build_missing`. */
export function assertBuilt(root = workspaceRoot()): void {
  const missing = APP_NAMES.filter((app) => !existsSync(builtFile(app, undefined, root)));
  if (missing.length === 0) return;
  throw new StackError(
    'build_missing',
    `Not built: ${missing.join(', ')}. Run "npm run build" in ${root} first (npm start and npm run demo do).`,
  );
}
