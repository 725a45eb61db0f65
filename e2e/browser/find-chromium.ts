import { accessSync, constants } from 'node:fs';
import { spawnSync } from 'node:child_process';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const NSS_TOOLS = ['certutil', 'pk12util'];

/**
 * The browser these tests drive: a real one, with its own certificate store.
 * @throws Error with one sentence on what to install; the tests fail then, they are never skipped
 */
export function findChromium(): string {
  const found = PLACES.find(isExecutable);
  const missing = NSS_TOOLS.filter((tool) => spawnSync(tool, ['-H']).error !== undefined);
  if (found && missing.length === 0) return found;
  const what = [...(found ? [] : ['Chromium']), ...missing].join(', ');
  throw new Error(`The browser tests need ${what}. On Debian: apt-get install chromium libnss3-tools`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
