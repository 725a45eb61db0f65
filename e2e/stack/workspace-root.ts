import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The same from the sources (specs) and from dist (the commands), which lie at different depths. */
export function workspaceRoot(): string {
  for (let directory = import.meta.dirname; directory !== dirname(directory); directory = dirname(directory)) {
    if (existsSync(join(directory, 'nx.json'))) return directory;
  }
  throw new Error('nx.json is in no folder above this file: run from a checkout of the repository');
}
