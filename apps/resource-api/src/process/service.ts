import { readFileSync } from 'node:fs';

// package.json stands beside `src` and `dist` alike.
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Under which name and version the process logs, counts and describes itself. */
export const SERVICE = { name: 'resource-api', version: manifest.version } as const;
