import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../../stack/workspace-root.js';

export interface Sample {
  /** where the sample says that it belongs, below the reader's project */
  readonly path: string;
  readonly text: string;
}

const BLOCK = /^```ts\n([\s\S]*?)^```$/gm;
const NAME = /^\/\/ ((?:src|test)\/[\w./-]+\.ts)\n/;

export function readmeOf(library: string): string {
  return readFileSync(join(workspaceRoot(), library, 'README.md'), 'utf8');
}

/** The TypeScript of a library's README, each block a file. @throws Error for a block that does not say which */
export function readmeSamples(library: string): Sample[] {
  return [...readmeOf(library).matchAll(BLOCK)].map(([, text]) => {
    const [, path] = NAME.exec(text!) ?? [];
    if (path === undefined) throw new Error(`${library}/README.md has a sample that names no file:\n${text}`);
    return { path, text: text! };
  });
}
