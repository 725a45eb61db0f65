// The one place that says what is needed beside Node, npm and git: which program, which kind of spec asks it, and the Debian
// package that brings it. `npm test` needs none of them. A spec that needs one says so in its file name: `*.real.spec.ts`,
// `*.browser.spec.ts`, `*.docker.spec.ts` (see vitest.base.mts).
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @type {ReadonlyArray<{ command: string, kind: 'real' | 'browser' | 'docker', debian: string }>} */
export const PROGRAMS = [
  { command: 'openssl', kind: 'real', debian: 'openssl' },
  { command: 'nginx', kind: 'real', debian: 'nginx-light' },
  { command: 'haproxy', kind: 'real', debian: 'haproxy' },
  { command: 'go', kind: 'real', debian: 'golang-go' },
  { command: 'java', kind: 'real', debian: 'default-jdk-headless' },
  { command: 'curl', kind: 'real', debian: 'curl' },
  { command: 'chromium', kind: 'browser', debian: 'chromium' },
  { command: 'certutil', kind: 'browser', debian: 'libnss3-tools' },
  { command: 'pk12util', kind: 'browser', debian: 'libnss3-tools' },
  { command: 'docker', kind: 'docker', debian: 'docker.io docker-compose' },
];

// Debian installs servers where only root's PATH looks, and Go's own archive goes to the last one.
const ALSO = ['/usr/sbin', '/sbin', '/usr/local/go/bin'];

/**
 * @param {string} command a name without a folder
 * @param {string[]} [folders] where to look; default: the PATH, and where Debian installs servers
 * @returns {string | undefined} the first executable file of that name
 */
export function pathOf(command, folders = [...(process.env['PATH'] ?? '').split(delimiter), ...ALSO]) {
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

/** @returns the programs of a kind of spec that are not on this machine */
export const missingPrograms = (kind) => PROGRAMS.filter((one) => one.kind === kind && !pathOf(one.command));

/** What is missing and how to get it, in one sentence. */
export function howToGet(missing) {
  const names = missing.map(({ command }) => command).join(', ');
  const packages = [...new Set(missing.map(({ debian }) => debian))].join(' ');
  return `Missing on this machine: ${names}. On Debian: apt-get install --no-install-recommends ${packages}`;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
