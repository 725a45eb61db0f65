import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packLibraries, type Packed } from '../../package/pack-libraries.js';
import { publishedManifest, type Manifest } from '../../package/published-manifest.js';
import { workspaceRoot } from '../../stack/workspace-root.js';

const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-published-'));
const unpacked = (name: string): string => join(directory, 'unpacked', name);

let packed: Packed[];

const workspaceManifests = (): string[] =>
  ['x509', 'mtls-binding'].map((library) => {
    return readFileSync(join(workspaceRoot(), 'libs', library, 'package.json'), 'utf8');
  });
let before: string[];

beforeAll(() => {
  before = workspaceManifests();
  packed = packLibraries(directory);
  for (const { name, tarball } of packed) {
    mkdirSync(unpacked(name), { recursive: true });
    execFileSync('tar', ['xzf', tarball, '-C', unpacked(name), '--strip-components=1']);
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const BINDING = '@partner-ecosystem/mtls-binding';
const X509 = '@partner-ecosystem/x509';
const PUBLINT = ['publint/src/cli.js', 'run', '--strict'] as const;
const ATTW = ['@arethetypeswrong/cli/dist/index.js', '--profile', 'esm-only', '--no-color'] as const;

const read = (name: string, path: string): string => readFileSync(join(unpacked(name), path), 'utf8');
const manifestOf = (name: string): Manifest => JSON.parse(read(name, 'package.json')) as Manifest;

function filesOf(name: string): string[] {
  const { tarball } = packed.find((one) => one.name === name)!;
  const listed = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
  return listed.map((path) => path.replace(/^package\//, '')).sort();
}

function tool(program: string, ...args: string[]): string {
  const path = join(workspaceRoot(), 'node_modules', program);
  try {
    return execFileSync(process.execPath, [path, ...args], { cwd: directory, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`);
  }
}

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)'([^']+)'/g;

/** What a file of the package imports, and all it reaches from there: names of packages and of Node's modules. */
function importsFrom(name: string, entry: string): string[] {
  const seen = new Set<string>();
  const outside = new Set<string>();
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const [, specifier] of read(name, path).matchAll(SPECIFIER)) {
      const isDeclaration = path.endsWith('.d.ts');
      const inside = join(dirname(path), isDeclaration ? specifier!.replace(/\.js$/, '.d.ts') : specifier!);
      if (specifier!.startsWith('.')) follow(relative('', inside));
      else outside.add(specifier!);
    }
  };
  follow(entry);
  return [...outside].sort();
}

const packageOf = (specifier: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0];
const isNode = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);

describe('the tarballs', () => {
  it('are of what is published, at one version', () => {
    expect(packed.map(({ name }) => name)).toEqual([X509, BINDING]);
    expect(new Set(packed.map(({ version }) => version)).size).toBe(1);
  });

  it.each([X509, BINDING])('%s: publint finds nothing to say', (name) => {
    const { tarball } = packed.find((one) => one.name === name)!;
    expect(tool(...PUBLINT, tarball)).toContain('All good!');
  });

  it.each([X509, BINDING])('%s: are the types wrong? No', (name) => {
    const { tarball } = packed.find((one) => one.name === name)!;
    tool(...ATTW, tarball);
  });

  it.each([X509, BINDING])(
    '%s: holds what is to be read and compiled code with types and sources, no specs',
    (name) => {
      const files = filesOf(name);
      expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json']));
      expect(
        files.filter((path) => /\.(?:spec|testing|canary)\.|tsbuildinfo|vitest|tsconfig|test-results/.test(path)),
      ).toEqual([]);
      const sources = files
        .filter((path) => /^src\/.*\.ts$/.test(path))
        .map((path) => path.slice('src/'.length, -'.ts'.length));
      const compiled = ['.js', '.js.map', '.d.ts', '.d.ts.map'].flatMap((end) =>
        sources.map((path) => `dist/${path}${end}`),
      );
      expect(sources).toContain('index');
      expect(files.filter((path) => path.startsWith('dist/'))).toEqual(compiled.sort());
    },
  );

  it.each([X509, BINDING])('%s: has a package.json without what only this workspace understands', (name) => {
    const manifest = manifestOf(name);
    expect(Object.keys(manifest)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:private|nx|devDependencies|scripts)$/)]),
    );
    expect(JSON.stringify(manifest)).not.toMatch(/partner-ecosystem\/source|"\*"/);
    expect(manifest).toMatchObject({
      type: 'module',
      license: 'Apache-2.0',
      sideEffects: false,
      engines: { node: '>=20.19.0' },
    });
    const targets = JSON.stringify(manifest['exports']).match(/(?<=:\")\.\/[\w./-]+(?=\")/g)!;
    expect(targets.filter((target) => !filesOf(name).includes(target.slice(2)))).toEqual([]);
  });

  it('of the guard: has the proxy configurations, and its README links none that is missing', () => {
    const links = [...read(BINDING, 'README.md').matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter((path) => !filesOf(BINDING).includes(path))).toEqual([]);
  });

  it('of the guard: every option of the module has its row in the README', () => {
    const declared = read(BINDING, 'src/nest/options.ts') + read(BINDING, 'src/protocol/bound-token.ts');
    const [, own] = /interface MtlsBindingOptions[^{]*\{([\s\S]*?)^\}/m.exec(declared)!;
    const [, rules] = /interface VerificationRules \{([\s\S]*?)^\}/m.exec(declared)!;
    const options = [...`${own}${rules}`.matchAll(/^  readonly (\w+)\??: /gm)].map(([, name]) => name!);
    const rows = [...read(BINDING, 'README.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);
    expect(options).toEqual(expect.arrayContaining(['issuer', 'audience', 'keys', 'certificateSource', 'revocations']));
    expect(options.filter((name) => !rows.includes(name))).toEqual([]);
  });
});

describe('what the published code imports', () => {
  it('x509: nothing but node:crypto', () => {
    for (const entry of ['dist/index.js', 'dist/path/index.js', 'dist/index.d.ts', 'dist/path/index.d.ts']) {
      const imports = importsFrom(X509, entry);
      expect(imports.length).toBeGreaterThan(0);
      expect(imports.filter((specifier) => specifier !== 'node:crypto')).toEqual([]);
    }
    expect(manifestOf(X509).dependencies ?? {}).toEqual({});
  });

  it('the guard: exactly what it declares; the types too', () => {
    const { dependencies = {}, peerDependencies } = manifestOf(BINDING);
    const peers = Object.keys(peerDependencies as Record<string, string>);
    // Of one it uses what it adds to the global Reflect, of the other where it looks for extensions: neither is imported.
    const used = peers.filter((name) => name !== 'reflect-metadata' && name !== '@nestjs/swagger');
    const entries = ['dist/index', 'dist/protocol', 'dist/testing/index'];
    const imported = (end: string): string[] => {
      const all = entries.flatMap((entry) => importsFrom(BINDING, entry + end));
      return [...new Set(all.filter((specifier) => !isNode(specifier)).map(packageOf))].sort();
    };
    const declared = [...Object.keys(dependencies), ...used].sort();
    expect(imported('.js')).toEqual(declared);
    expect(imported('.d.ts').filter((name) => !declared.includes(name))).toEqual([]);
  });

  it('the guard: ./protocol needs no Nest, no passport and no HTTP server', () => {
    expect(importsFrom(BINDING, 'dist/protocol.js').filter((name) => !isNode(name))).toEqual(['jose']);
    expect(importsFrom(BINDING, 'dist/protocol.js')).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/http|net|tls/)]),
    );
  });

  it('the guard: nothing outside of testing/ reaches into it', () => {
    const outside = filesOf(BINDING).filter((path) => /^dist\/(?!testing\/).*\.js$/.test(path));
    expect(outside.length).toBeGreaterThan(40);
    expect(outside.filter((path) => /'[^']*testing\/[^']*'/.test(read(BINDING, path)))).toEqual([]);
  });
});

describe('packing', () => {
  it('leaves the workspace as it is', () => expect(workspaceManifests()).toEqual(before));

  const versions = { '@partner-ecosystem/x509': '1.2.3' };

  it('replaces "*" by the version that is published with it', () => {
    const manifest = {
      name: 'one',
      version: '1.2.3',
      dependencies: { '@partner-ecosystem/x509': '*', jose: '^6.0.0' },
    };
    expect(publishedManifest(manifest, versions).dependencies).toEqual({
      '@partner-ecosystem/x509': '1.2.3',
      jose: '^6.0.0',
    });
  });

  it('refuses a library that depends on one that is not published', () => {
    const manifest = { name: 'one', version: '1.2.3', dependencies: { '@partner-ecosystem/test-pki': '*' } };
    expect(() => publishedManifest(manifest, versions)).toThrow(/one depends on @partner-ecosystem\/test-pki/);
  });

  it('would be stopped by what this spec runs if an export led nowhere, or had no types', () => {
    const broken = join(directory, 'broken');
    mkdirSync(broken);
    const one = { types: './index.d.ts', default: './index.js' };
    const exports = { '.': one, './untyped': './untyped.js', './nowhere': './nowhere.js' };
    const manifest = { name: 'broken', version: '1.0.0', type: 'module', exports };
    writeFileSync(join(broken, 'package.json'), JSON.stringify(manifest));
    for (const path of ['index.js', 'untyped.js']) writeFileSync(join(broken, path), 'export const one = 1;\n');
    writeFileSync(join(broken, 'index.d.ts'), 'export declare const one = 1;\n');
    execFileSync('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: broken, stdio: 'pipe' });
    const tarball = join(directory, 'broken-1.0.0.tgz');
    expect(() => tool(...PUBLINT, tarball)).toThrow(/nowhere\.js/);
    expect(() => tool(...ATTW, tarball)).toThrow(/UntypedResolution/);
  });
});
