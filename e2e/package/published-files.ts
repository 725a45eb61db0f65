import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = /\.ts$/;
/** Made for our own specs; the `testing/` folder of a library is published and not meant. */
const OUR_SPECS = /\.(?:spec|testing|canary)\.ts$/;
const COMPILED = ['.js', '.js.map', '.d.ts', '.d.ts.map'];
const BESIDE = ['README.md', 'CHANGELOG.md'];

/**
 * Paths below the library that belong into its tarball: the sources that are no specs, what they were compiled to, and what is
 * there to be read. Going from the sources keeps out what an earlier build left in `dist`.
 * @throws Error naming a file that is missing: the library is not built
 */
export function publishedFiles(library: string): string[] {
  const sources = filesBelow(join(library, 'src')).filter((path) => SOURCE.test(path) && !OUR_SPECS.test(path));
  const compiled = sources.flatMap((path) =>
    COMPILED.map((extension) => join('dist', path.replace(SOURCE, extension))),
  );
  const toRead = existsSync(join(library, 'docs')) ? filesBelow(join(library, 'docs')) : [];
  const all = [
    ...BESIDE,
    ...toRead.map((path) => join('docs', path)),
    ...sources.map((path) => join('src', path)),
    ...compiled,
  ];
  const missing = all.find((path) => !existsSync(join(library, path)));
  if (missing !== undefined) throw new Error(`${join(library, missing)} is missing: build the library first`);
  return all;
}

function filesBelow(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((path) => path.slice(directory.length + 1)).sort();
}
