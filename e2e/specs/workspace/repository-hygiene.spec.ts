import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesOfCheckout } from '../../checkout/files-of-checkout.js';
import { workspaceRoot } from '../../stack/workspace-root.js';

const ROOT = workspaceRoot();
const MAX_LINES = 250;

const files = filesOfCheckout(ROOT);
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function offenders(pattern: RegExp, among = files): string[] {
  return among.filter((path) => pattern.test(read(path)));
}

describe('what is in the repository', () => {
  it('is found at all', () => {
    expect(files).toEqual(expect.arrayContaining(['nx.json', 'e2e/stack/main.ts', 'apps/token-service/src/main.ts']));
  });

  it('is no private key and no certificate', () => {
    // an armour line alone is text; one that encoded bytes follow is a key
    const block = /-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE|X509 CRL)-----\s*(?:\\n)?[A-Za-z0-9+/]{32}/;
    expect(offenders(block)).toEqual([]);
    expect(offenders(/"d"\s*:\s*"[\w-]{40,}"/)).toEqual([]);
    const binary = new Set(['.p12', '.pfx', '.pem', '.key', '.crt', '.cer', '.der', '.jks']);
    expect(files.filter((path) => binary.has(extname(path)))).toEqual([]);
  });

  it('names no path of a machine', () => {
    const depth = ROOT.split('/').filter(Boolean).length;
    const own = depth > 1 ? [ROOT] : [];
    const homes = ['/home/[a-z]', '/Users/[A-Za-z]', '/root/[a-z.]'].map((home) => `(?<![\\w.])${home}`);
    expect(offenders(new RegExp([...own.map(escaped), ...homes].join('|')))).toEqual([]);
  });

  it('names no registry host', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
    const resolved = Object.values(packages).filter((locked) => locked.resolved !== undefined && !locked.link);
    expect(resolved).toEqual([]);
    expect(
      offenders(
        /^\s*(?:@[\w-]+:)?registry\s*=/m,
        files.filter((path) => path.endsWith('.npmrc')),
      ),
    ).toEqual([]);
  });

  it(`has no source file of more than ${MAX_LINES} lines, specs and migrations aside`, () => {
    const sources = files.filter(
      (path) => /\.m?[jt]s$/.test(path) && !/\.(spec|testing)\.ts$|\/migrations\//.test(path),
    );
    const long = sources.filter((path) => read(path).trimEnd().split('\n').length > MAX_LINES);
    expect(long).toEqual([]);
  });

  it('reads the environment of e2e in one file', () => {
    const own = files.filter((path) => /^e2e\/(stack|demo)\/.*\.ts$/.test(path) && !path.endsWith('.spec.ts'));
    expect(offenders(/process\.env\b/, own)).toEqual(['e2e/stack/environment.ts']);
  });
});

interface Locked {
  resolved?: string;
  link?: boolean;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
