import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { BenchError } from '../bench-error.js';
import type { Check } from './checks.js';

const OWN_SCOPE = '@partner-ecosystem';
const LIBRARIES = ['mtls-binding', 'platform', 'x509'];
const SERVICE = 'apps/token-service';

/**
 * A copy of the built token service and of our libraries that lacks one check; packages of others are linked.
 * @param root an empty folder
 * @returns the file to run
 * @throws BenchError `build_missing` when the check no longer fits the code
 */
export function copyWithout(check: Check, root: string): string {
  const checkout = workspaceRoot();
  for (const path of [SERVICE, ...LIBRARIES.map((name) => `libs/${name}`)]) {
    for (const part of ['dist', 'package.json'])
      cpSync(join(checkout, path, part), join(root, path, part), { recursive: true });
  }
  const [installed, own] = [join(checkout, 'node_modules'), join(root, 'node_modules')];
  mkdirSync(join(own, OWN_SCOPE), { recursive: true });
  for (const name of readdirSync(installed).filter((other) => other !== OWN_SCOPE && !other.startsWith('.'))) {
    symlinkSync(join(installed, name), join(own, name));
  }
  for (const name of LIBRARIES) symlinkSync(join(root, 'libs', name), join(own, OWN_SCOPE, name));
  leaveOut(check, root);
  return join(root, SERVICE, 'dist', 'main.js');
}

function leaveOut({ title, file, find, replace }: Check, root: string): void {
  const path = join(root, file);
  const source = readFileSync(path, 'utf8');
  const times = source.split(find).length - 1;
  if (times !== 1)
    throw new BenchError('build_missing', `${title}: ${JSON.stringify(find)} stands ${times} times in ${file}`);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
}
