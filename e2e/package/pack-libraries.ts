import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { workspaceRoot } from '../stack/workspace-root.js';
import { publishedFiles } from './published-files.js';
import { publishedManifest, type Manifest } from './published-manifest.js';

/** What is published, each after what it depends on. */
const LIBRARIES = ['libs/x509', 'libs/mtls-binding'];

/** A tarball that npm made, ready for `npm publish` or `npm install`. */
export interface Packed {
  readonly name: string;
  readonly version: string;
  /** path of the tarball */
  readonly tarball: string;
}

/**
 * Packs the built libraries into `destination`, which is made if it is not there. The workspace stays as it is: what differs in
 * a published package differs in a copy.
 * @throws Error when a library is not built, or npm refuses
 */
export function packLibraries(destination: string): Packed[] {
  mkdirSync(destination, { recursive: true });
  const staging = mkdtempSync(join(tmpdir(), 'partner-ecosystem-pack-'));
  try {
    const manifests = LIBRARIES.map((library) => [library, manifestOf(library)] as const);
    const versions = Object.fromEntries(manifests.map(([, { name, version }]) => [name, version]));
    return manifests.map(([library, manifest]) => {
      const staged = join(staging, basename(library));
      stage(library, publishedManifest(manifest, versions), staged);
      return { name: manifest.name, version: manifest.version, tarball: packed(staged, destination) };
    });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function manifestOf(library: string): Manifest {
  return JSON.parse(readFileSync(join(workspaceRoot(), library, 'package.json'), 'utf8')) as Manifest;
}

function stage(library: string, manifest: Manifest, staged: string): void {
  const from = join(workspaceRoot(), library);
  for (const path of publishedFiles(from)) {
    mkdirSync(dirname(join(staged, path)), { recursive: true });
    copyFileSync(join(from, path), join(staged, path));
  }
  copyFileSync(join(workspaceRoot(), 'LICENSE'), join(staged, 'LICENSE'));
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function packed(staged: string, destination: string): string {
  const args = ['pack', staged, '--pack-destination', destination, '--json', '--ignore-scripts', '--silent'];
  const answer = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' })) as unknown;
  // npm 12 answers an object by package name where npm 11 and earlier answer a list
  const [{ filename }] = Object.values(answer as Record<string, { filename: string }>) as [{ filename: string }];
  return join(destination, basename(filename));
}
