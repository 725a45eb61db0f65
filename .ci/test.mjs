#!/usr/bin/env node
// `npm test`: format, lint with its boundaries, types, and every specification; then the totals.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

async function run(...args) {
  const child = spawn('npx', args, { stdio: 'inherit', env: { ...process.env, FORCE_COLOR: '0' } });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}
const nx = (...args) => run('nx', 'run-many', '--output-style=static', ...args);

/** The JSON reports that vitest leaves in each project. */
function resultFiles() {
  const projects = [...['apps', 'libs'].flatMap((group) => readdirSync(group).map((name) => join(group, name))), 'e2e'];
  return projects.map((project) => join(project, 'test-results.json'));
}

/** @returns {{ files: number, passed: number, failed: number, other: number }} of one vitest JSON report */
function countsOf(path) {
  // No report: vitest did not get as far as that, so nothing in the project was held.
  if (!existsSync(path)) return { files: 0, passed: 0, failed: 0, other: 1 };
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const { numPassedTests: passed, numFailedTests: failed, numTotalTests: total } = report;
  return { files: report.testResults.length, passed, failed, other: total - passed - failed };
}

function printTotals() {
  const rows = resultFiles().map((path) => [dirname(path), countsOf(path)]);
  const sum = { files: 0, passed: 0, failed: 0, other: 0 };
  for (const [project, counts] of rows) {
    for (const key of Object.keys(sum)) sum[key] += counts[key];
    console.log(`  ${project.padEnd(26)} ${lineOf(counts)}`);
  }
  console.log(`  ${'total'.padEnd(26)} ${lineOf(sum)}`);
  return sum;
}

function lineOf({ files, passed, failed, other }) {
  return `${String(files).padStart(4)} files ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed ${String(other).padStart(4)} not run`;
}

for (const path of resultFiles()) rmSync(path, { force: true });
const format = await run('prettier', '--check', '--log-level', 'warn', '.');
const checks = await nx('-t', 'lint', 'typecheck', '--parallel=2');
// In two rows of about the same length: the specs of e2e take longest and mostly wait. All run what is built here, once.
const [E2E, TOKEN_SERVICE] = ['@partner-ecosystem/e2e', '@partner-ecosystem/token-service'];
const built = await nx('-t', 'build');
const specs = await Promise.all([
  nx('-t', 'test', '-p', E2E, TOKEN_SERVICE, '--parallel=1'),
  nx('-t', 'test', '--exclude', E2E, TOKEN_SERVICE, '--parallel=1'),
]);
console.log('\nTest totals');
const { passed, failed, other } = printTotals();
if (format !== 0) console.error('\nSome files are not formatted: run `npm run format`.');
const ended = [format, checks, built, ...specs];
// A specification that did not run holds nothing.
process.exitCode = ended.some((code) => code !== 0) || failed > 0 || other > 0 || passed === 0 ? 1 : 0;
