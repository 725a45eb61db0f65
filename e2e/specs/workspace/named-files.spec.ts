import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOfCheckout } from '../../checkout/files-of-checkout.js';
import { workspaceRoot } from '../../stack/workspace-root.js';

const ROOTS = ['apps', 'libs', 'e2e', 'docs', 'docker'];
/** In tables of SECURITY.md and docs/architecture.md a letter stands for a folder; they say so above them. */
const FOLDERS: Record<string, string> = {
  m: 'libs/mtls-binding/src',
  p: 'libs/platform/src',
  x: 'libs/x509/src',
  t: 'apps/token-service/src',
  r: 'apps/partner-registry/src',
  a: 'apps/resource-api/src',
  e: 'e2e/specs',
};

const present = (...path: string[]): boolean => existsSync(join(workspaceRoot(), ...path));
const documents = filesOfCheckout().filter((path) => path.endsWith('.md'));

// a compiled command is there once it is built; its source always is
const sourceOf = (path: string): string => path.replace(/^(apps\/[^/]+)\/dist\/(.+)\.js$/, '$1/src/$2.ts');

/** Links, and paths in code that begin with a folder of the repository. */
function filesNamedIn(document: string): string[] {
  const text = readFileSync(join(workspaceRoot(), document), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, path]) =>
    join(dirname(document), path!),
  );
  const paths = [...text.matchAll(/(?<![\w./<-])((?:apps|libs|e2e|docs|docker)\/[\w./-]*\w)(?![\w./*<{…-])/g)]
    .map(([, path]) => path!)
    .filter((path) => ROOTS.includes(path.split('/')[0]!));
  return [...new Set([...links, ...paths.map(sourceOf)])];
}

/** Every path in the last column of the tables whose cells begin with a folder's letter. */
function pathsOfTables(document: string): string[] {
  const rows = readFileSync(join(workspaceRoot(), document), 'utf8').matchAll(/^\|.*\| ([mpxtrae] `.*?) *\|$/gm);
  return [...rows].flatMap(([, cell]) => {
    let folder = '';
    // a letter holds until the next one
    return [...cell!.matchAll(/(?:(?<![\w`])([mpxtrae]) )?`([^`\s]+)`/g)].map(([, letter, path]) => {
      folder = letter === undefined ? folder : FOLDERS[letter]!;
      return join(folder, path!);
    });
  });
}

describe('what a document names is there', () => {
  it.each(documents)('%s', (document) => {
    expect(filesNamedIn(document).filter((path) => !present(path) && !present(dirname(document), path))).toEqual([]);
  });

  it.each([
    { document: 'SECURITY.md', least: 40 },
    { document: 'docs/architecture.md', least: 30 },
  ])('the code and the specs in the tables of $document', ({ document, least }) => {
    const paths = pathsOfTables(document);
    expect(paths.length).toBeGreaterThan(least);
    expect(paths.filter((path) => !present(path.replace(/\*.*$/, '')))).toEqual([]);
  });
});
