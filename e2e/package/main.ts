import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packLibraries } from './pack-libraries.js';

const HELP = `npm run pack -- <folder>

Builds the libraries that are published and puts their tarballs into the folder: what \`npm publish <tarball>\` publishes.
  --help   prints this`;

function main(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) return (say(HELP), 0);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) return (say(`Name one folder.\n\n${HELP}`), 2);
  for (const { name, version, tarball } of packLibraries(resolve(folder))) say(`${name}@${version}  ${tarball}`);
  return 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = main(process.argv.slice(2));
