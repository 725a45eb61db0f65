import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '../../stack/workspace-root.js';

const run = promisify(execFile);

interface Locked {
  readonly version?: string;
  readonly link?: boolean;
}

/** Somebody's project, outside of this workspace: it sees nothing of ours but what it installs. */
export class FreshProject {
  readonly directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-stranger-'));

  constructor() {
    const manifest = { name: 'stranger', version: '1.0.0', private: true, type: 'module' };
    this.write('package.json', JSON.stringify(manifest));
    // Says which versions to take, those that everything else here is tested with; none of ours are in it. What `npm ci`
    // fetched for the workspace then need not be fetched again.
    const packages = Object.entries(lockedPackages()).filter(
      ([path, { link }]) => path.includes('node_modules/') && !link,
    );
    const ofRoot = packages.filter(([path]) => path.startsWith('node_modules/'));
    const lock = { ...manifest, lockfileVersion: 3, packages: { '': manifest, ...Object.fromEntries(ofRoot) } };
    this.write('package-lock.json', JSON.stringify(lock));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.directory, path)), { recursive: true });
    writeFileSync(join(this.directory, path), text);
  }

  /** @param packages names, as far as the workspace has them too, or paths of tarballs */
  async install(packages: readonly string[]): Promise<void> {
    const locked = lockedPackages();
    const wanted = packages.map((name) => {
      const version = locked[`node_modules/${name}`]?.version;
      return version === undefined ? name : `${name}@${version}`;
    });
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    await this.run('npm', ['install', ...flags, ...wanted]);
  }

  /** Runs a program of the workspace on it: compilers need not be installed once more. */
  async node(program: string, args: readonly string[]): Promise<string> {
    return this.run(process.execPath, [join(workspaceRoot(), 'node_modules', program), ...args]);
  }

  /** @throws Error with everything that it wrote */
  async run(command: string, args: readonly string[]): Promise<string> {
    try {
      const { stdout } = await run(command, args, { cwd: this.directory, env: ownEnvironment() });
      return stdout;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
    }
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function lockedPackages(): Record<string, Locked> {
  const lock = readFileSync(join(workspaceRoot(), 'package-lock.json'), 'utf8');
  return (JSON.parse(lock) as { packages: Record<string, Locked> }).packages;
}

/** Without what npm, nx and vitest around us have set: an npm inside of an npm would work on the outer one's project. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const theirs =
    /^(?:npm_(?:config_(?:local_prefix|prefix|workspace)|package|lifecycle|command|execpath)|NX_|VITEST|NODE_ENV$|NODE_OPTIONS$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !theirs.test(name)));
}
