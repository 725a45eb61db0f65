import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { filesOfCheckout } from '../checkout/files-of-checkout.js';
import { workspaceRoot } from '../stack/workspace-root.js';

const OWN_SCOPE = '@partner-ecosystem';

/** A copy of the checkout in which anything may be broken, with a temporary folder of its own for what runs in it. */
export interface ThrowawayCopy {
  root: string;
  temporary: string;
  remove(): void;
}

/** Source files are copied; packages of others are linked; ours lead into the copy and never back into the checkout. */
export function throwawayCopy(checkout = workspaceRoot()): ThrowawayCopy {
  const folder = mkdtempSync(join(tmpdir(), 'partner-ecosystem-fault-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const [root, temporary] = [join(folder, 'copy'), join(folder, 'tmp')];
  try {
    // Postgres runs as another user when we are root, and must get through to its own folder.
    chmodSync(folder, 0o711);
    mkdirSync(temporary);
    chmodSync(temporary, 0o711);
    for (const path of filesOfCheckout(checkout)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      copyFileSync(join(checkout, path), join(root, path));
    }
    linkPackages(join(checkout, 'node_modules'), join(root, 'node_modules'));
    linkBuilds(checkout, root);
    return { root, temporary, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function linkPackages(installed: string, own: string): void {
  mkdirSync(join(own, OWN_SCOPE), { recursive: true });
  // .vite and .vite-temp are written while specs run; .bin is the only one of its kind that anybody reads
  const names = readdirSync(installed).filter((name) => !name.startsWith('.') || name === '.bin');
  for (const name of names.filter((other) => other !== OWN_SCOPE)) symlinkSync(join(installed, name), join(own, name));
  const root = dirname(own);
  for (const path of workspacesOf(root)) {
    symlinkSync(join(root, path), join(own, OWN_SCOPE, path.split('/').at(-1)!));
  }
}

/** Some specs set their scene with built commands of another app. What was built has no fault, so it catches none. */
function linkBuilds(checkout: string, root: string): void {
  for (const path of workspacesOf(root).filter((project) => existsSync(join(checkout, project, 'dist')))) {
    symlinkSync(join(checkout, path, 'dist'), join(root, path, 'dist'));
  }
}

function workspacesOf(root: string): string[] {
  const below = (group: string): string[] => readdirSync(join(root, group)).map((name) => `${group}/${name}`);
  return [...below('apps'), ...below('libs'), 'e2e'];
}
