#!/usr/bin/env node
// The README's first two commands as a stranger runs them: taken out of the README, in a clean clone, by an unprivileged user
// (when root starts this) who has Node, npm, git and the tools of Debian's base system, and no program of programs.mjs.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathOf, PROGRAMS } from './programs.mjs';

const HELP = `node .ci/stranger.mjs [--keep <new folder>] [repository]      default: this one

  --keep    where the clone is made, and left; without it everything is removed
TEST_TOTALS=<file> is passed on to npm test.`;
const NOBODY = 65_534;
const OWN = ['node', 'npm', 'npx', 'git'];
// What npm and Node keep for the next time.
const CACHES = /^(node-compile-cache|v8-compile-cache.*)$/;

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(HELP);
  process.exit(0);
}
const keep = args[0] === '--keep' ? resolve(args.splice(0, 2)[1]) : undefined;
const repository = resolve(args[0] ?? join(import.meta.dirname, '..'));
const folder = keep ?? mkdtempSync(join(tmpdir(), 'stranger-'));
if (keep) mkdirSync(folder);
else process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const [clone, bin, home, temporary] = ['clone', 'bin', 'home', 'tmp'].map((name) => join(folder, name));

const commands = commandsOf(join(repository, 'README.md'));
prepare();
for (const command of commands) await run(command);
console.log('\nBoth commands of the README hold for a stranger.');

/** The first two blocks of shell commands, as they are printed. */
function commandsOf(readme) {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block.trim());
  if (blocks.length < 2) fail(`${readme} has ${blocks.length} blocks of shell commands; its first two are to be run.`);
  return blocks.slice(0, 2);
}

function prepare() {
  for (const path of [bin, home, temporary]) mkdirSync(path);
  execFileSync('git', ['clone', '-q', repository, clone]);
  for (const path of baseTools()) {
    const name = basename(path);
    if (!PROGRAMS.some(({ command }) => command === name) && !existsSync(join(bin, name)))
      symlinkSync(path, join(bin, name));
  }
  for (const name of OWN) {
    rmSync(join(bin, name), { force: true });
    symlinkSync(pathOf(name) ?? fail(`${name} is not on the PATH.`), join(bin, name));
  }
  if (process.getuid?.() !== 0) return;
  chmodSync(folder, 0o711);
  execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, clone, home, temporary]);
}

/** The commands of Debian's required packages; where there is no dpkg, all that the system's own folders have. */
function baseTools() {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Priority} ${Package}\\n'], { encoding: 'utf8' });
  const folders = ['/bin', '/usr/bin', '/sbin', '/usr/sbin'];
  if (asked.status !== 0)
    return folders.filter(existsSync).flatMap((at) => readdirSync(at).map((name) => join(at, name)));
  const required = asked.stdout
    .split('\n')
    .filter((line) => line.startsWith('required '))
    .map((line) => line.split(' ')[1]);
  const files = spawnSync('dpkg-query', ['-L', ...required], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).stdout;
  // `awk`, `which` and `sh` are links that no package lists
  const links = ['/usr/bin/awk', '/usr/bin/which', '/bin/sh'];
  return [...links, ...files.split('\n')].filter((path) => folders.includes(dirname(path)) && existsSync(path));
}

async function run(command) {
  console.log(`\n$ ${command}`);
  const child = spawn('/bin/sh', ['-c', command], { ...asStranger(), stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0)
    fail(`"${command}" failed for a stranger, who has no ${PROGRAMS.map((one) => one.command).join(', ')}.`);
  const left = readdirSync(temporary).filter((name) => !CACHES.test(name));
  if (left.length > 0) fail(`"${command}" left in the temporary folder: ${left.join(', ')}`);
  const status = execFileSync(join(bin, 'git'), ['status', '--porcelain', '--ignored'], {
    ...asStranger(),
    encoding: 'utf8',
  });
  const made = /^!! (.*\/)?(node_modules|dist|out-tsc|\.nx)\/$|^!! (.*\/)?test-results(\.[a-z-]+)?\.json$|^$/;
  const dirty = status.split('\n').filter((line) => !made.test(line));
  if (dirty.length > 0) fail(`"${command}" left in the tree:\n${dirty.join('\n')}`);
  // A parent may end a moment before its helpers.
  let alive = processesIn(clone);
  for (let tries = 0; alive.length > 0 && tries < 60; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    alive = processesIn(clone);
  }
  if (alive.length > 0) fail(`"${command}" left processes behind:\n${alive.join('\n')}`);
}

function asStranger() {
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const env = { ...process.env, PATH: bin, HOME: home, TMPDIR: temporary, npm_config_cache: join(home, '.npm') };
  // What npm tells its scripts is about the checkout that started this one.
  for (const name of Object.keys(env))
    if (/^(npm_(package|lifecycle|node|config_local)|NODE$|INIT_CWD)/.test(name)) delete env[name];
  return { cwd: clone, env, ...user };
}

function processesIn(path) {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`;
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(`${path}/`));
}

function fail(why) {
  console.error(`\n${why}`);
  process.exit(1);
}
