#!/usr/bin/env node
// npm test, npm run check, test:e2e, test:real, test:browser, test:docker, test:quiet: one lane or several, then the totals.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { howToGet, missingPrograms } from './programs.mjs';

const HELP = `node .ci/test.mjs [lane …]        default: check e2e, which is npm test

  check     format, lint with the module boundaries, types, and the specs of libs
  e2e       the specs that drive the apps, each with its Postgres, and the built processes
  real      specs that ask openssl, nginx, HAProxy, Go, Java and curl     (*.real.spec.ts)
  browser   Swagger UI in Chromium                                        (*.browser.spec.ts)
  docker    the compose stack                                             (*.docker.spec.ts)
  quiet     durations under load, on a machine that does nothing else     (*.quiet.spec.ts)

check, e2e and quiet need Node and npm only. The others name what is missing, and fail.
TEST_TOTALS=<file> appends a line of JSON with the totals.`;
const KINDS = ['real', 'browser', 'docker', 'quiet'];
const LANES = ['check', 'e2e', ...KINDS];
// Longest first: three at a time, because servers that specs wait for leave both cores of a small machine idle.
const AT_A_TIME = 3;
const ORDER = [
  ...['e2e (black-box)', 'apps/partner-registry', 'e2e (launcher)', 'apps/token-service', 'libs/platform'],
  ...['e2e (workspace)', 'libs/mtls-binding'],
];
/** The vitest projects of e2e, which share nothing. */
const PARTS_OF_E2E = ['black-box', 'launcher', 'workspace'];
const ROOM_IN_MEMORY = 4 * 1024 ** 3;
/** What npm and Node keep for the next time. */
const CACHES = /^(node-compile-cache|v8-compile-cache.*)$/;
const STILL_RUNNING_EVERY_MS = 30_000;

const projects = [...['apps', 'libs'].flatMap((group) => readdirSync(group).map((name) => `${group}/${name}`)), 'e2e'];
const nameOf = (project) => `@partner-ecosystem/${project.split('/').at(-1)}`;
const titleOf = ({ project, need, part }) => `${project}${(need ?? part) ? ` (${need ?? part})` : ''}`;
const rank = (specs) => (ORDER.includes(titleOf(specs)) ? ORDER.indexOf(titleOf(specs)) : ORDER.length);

const lanes = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['check', 'e2e'];
if (lanes.includes('--help')) {
  console.log(HELP);
  process.exit(0);
}
const unknown = lanes.filter((lane) => !LANES.includes(lane));
if (unknown.length > 0) {
  console.error(`There is no lane "${unknown[0]}".\n\n${HELP}`);
  process.exit(2);
}
const missing = KINDS.filter((kind) => lanes.includes(kind)).flatMap(missingPrograms);
if (missing.length > 0) {
  console.error(howToGet(missing));
  process.exit(1);
}

// Other programs keep files of their own in TMPDIR, and a Docker engine may not see our memory: theirs stays as it is.
const temporary = lanes.some((lane) => KINDS.includes(lane))
  ? undefined
  : mkdtempSync(join(temporaryFolder(), 'specs-'));
if (temporary) {
  chmodSync(temporary, 0o1777);
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
}

/** In memory where there is room and programs may run: a Postgres for specs is 1,300 files, 0.1 s instead of 1.3 s of copying. */
function temporaryFolder() {
  try {
    const memory = '/dev/shm';
    const { bavail, bsize } = statfsSync(memory);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[1] === memory);
    return bavail * bsize >= ROOM_IN_MEMORY && mount && !/\bnoexec\b/.test(mount) ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

// What is kept of a failed step is for logs too.
const ENVIRONMENT = { ...process.env, NO_COLOR: '1', ...(temporary && { TMPDIR: temporary }) };
delete ENVIRONMENT.FORCE_COLOR;

const started = Date.now();
const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;
let failures = 0;

/** Runs a command; prints one line when it ends, and what it wrote only if it failed. */
async function step(title, [command, ...args], { cwd = '.', counts = () => '' } = {}) {
  const since = Date.now();
  running.set(title, since);
  const child = spawn(command, args, {
    cwd,
    env: ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk.toString()));
  const [code] = await once(child, 'close');
  running.delete(title);
  if (code !== 0) {
    failures += 1;
    console.log(`\n${output.trimEnd()}\n`);
  }
  console.log(`${code === 0 ? '✓' : '✗'} ${title.padEnd(34)} ${seconds(since).padStart(6)}  ${counts()}`);
}
const running = new Map();
const stillRunning = setInterval(() => {
  const list = [...running].map(([title, since]) => `${title} (${seconds(since)})`).join(', ');
  if (list !== '') console.log(`  still running: ${list}`);
}, STILL_RUNNING_EVERY_MS);

const nx = (...args) => ['npx', 'nx', 'run-many', '--output-style=static', ...args];
const reportOf = ({ project, need, part }) =>
  join(project, `test-results${(need ?? part) ? `.${need ?? part}` : ''}.json`);

/** @returns {{ files: number, passed: number, failed: number, other: number }} of one vitest JSON report */
function countsOf(path) {
  // No report: vitest did not get as far as that, so nothing in the project was held.
  if (!existsSync(path)) return { files: 0, passed: 0, failed: 0, other: 1 };
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const { numPassedTests: passed, numFailedTests: failed, numTotalTests: total } = report;
  return { files: report.testResults.length, passed, failed, other: total - passed - failed };
}
function lineOf({ files, passed, failed, other }) {
  return `${files} files, ${passed} passed, ${failed} failed${other > 0 ? `, ${other} not run` : ''}`;
}

/** What vitest runs: all specs of a project, those that need something, or one part of them. */
function commandOf({ project, need, part }) {
  if (need) return ['npx', 'vitest', 'run', '--mode', need];
  if (part) return ['npx', 'vitest', 'run', '--project', part, `--outputFile.json=test-results.${part}.json`];
  return nx('-t', 'test', '--excludeTaskDependencies', '-p', nameOf(project));
}

async function specsOf(list) {
  const left = list.toSorted((a, b) => rank(a) - rank(b));
  const row = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const report = reportOf(next);
      reports.push([next, report]);
      rmSync(report, { force: true });
      const cwd = (next.need ?? next.part) ? next.project : '.';
      await step(`specs of ${titleOf(next)}`, commandOf(next), { cwd, counts: () => lineOf(countsOf(report)) });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, row));
}
const reports = [];

const asking = (need) =>
  projects.filter((project) => filesOf(project).some((name) => name.endsWith(`.${need}.spec.ts`)));
function filesOf(project) {
  const folders = project === 'e2e' ? ['specs', 'browser', 'docker'] : ['src'];
  return folders.flatMap((folder) => readdirSync(join(project, folder), { recursive: true }));
}

if (lanes.includes('check')) {
  await step('format', ['npx', 'prettier', '--check', '--log-level', 'warn', '.']);
  await step('lint and types', nx('-t', 'lint', 'typecheck', '--parallel=2'));
}
await step('build', nx('-t', 'build'));
const specs = (list, need) => list.map((project) => ({ project, need }));
await specsOf([
  ...(lanes.includes('check') ? specs(projects.filter((project) => project.startsWith('libs/'))) : []),
  ...(lanes.includes('e2e') ? specs(projects.filter((project) => project.startsWith('apps/'))) : []),
  ...(lanes.includes('e2e') ? PARTS_OF_E2E.map((part) => ({ project: 'e2e', part })) : []),
]);
for (const need of KINDS.filter((lane) => lanes.includes(lane))) await specsOf(specs(asking(need), need));

clearInterval(stillRunning);
const sum = { files: 0, passed: 0, failed: 0, other: 0 };
console.log('\nTest totals');
for (const [specs, report] of reports) {
  const counts = countsOf(report);
  for (const key of Object.keys(sum)) sum[key] += counts[key];
  console.log(`  ${titleOf(specs).padEnd(30)} ${lineOf(counts)}`);
}
const left = temporary ? readdirSync(temporary).filter((name) => !CACHES.test(name)) : [];
if (left.length > 0) {
  failures += 1;
  console.log(`\nLeft in the temporary folder by some spec: ${left.join(', ')}`);
}
// A specification that did not run holds nothing.
const held = failures === 0 && sum.failed === 0 && sum.other === 0 && sum.passed > 0;
console.log(`\n${lanes.join(' and ')}: ${held ? 'everything holds' : 'FAILED'}, after ${seconds(started)}`);
console.log(`${sum.passed} passed, ${sum.failed + (sum.failed === 0 && !held ? 1 : 0)} failed`);
if (process.env['TEST_TOTALS']) appendFileSync(process.env['TEST_TOTALS'], `${JSON.stringify(sum)}\n`);
process.exitCode = held ? 0 : 1;
