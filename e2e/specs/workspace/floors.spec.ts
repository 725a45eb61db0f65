import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../../stack/workspace-root.js';

const root = workspaceRoot();
const tables = floorsIn(readFileSync(join(root, 'docs/architecture.md'), 'utf8'));
const NO_ROOM = '(beside the rooms)';
const FOR_SPECS = /\.(?:spec|testing|canary)\.ts$/;
const IMPORTED = /(?:from|import|import\()\s*'(\.{1,2}\/[^']+)'/g;

type Sources = ReadonlyMap<string, string>;

/** The tables of docs/architecture.md: rooms by source folder, ground floor first. */
function floorsIn(document: string): Map<string, string[]> {
  const sections = document.matchAll(/^### `([^`]+\/src)`\n([^#]*)/gm);
  return new Map(
    [...sections].map(([, folder, text]) => [folder!, [...text!.matchAll(/^\| `([^`]+)`/gm)].map(([, room]) => room!)]),
  );
}

/** Product code by its path below the folder. */
function sourcesOf(folder: string): Sources {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const kept = names.filter((name) => name.endsWith('.ts') && !FOR_SPECS.test(name));
  return new Map(kept.map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]));
}

function roomOf(path: string, rooms: readonly string[]): string {
  if (!path.includes('/')) return NO_ROOM;
  const [room] = rooms.filter((one) => path.startsWith(`${one}/`)).sort((a, b) => b.length - a.length);
  return room ?? path.split('/')[0]!;
}

/** Imports of a room that stands above, or beside the rooms. */
function arrowsUp(sources: Sources, rooms: readonly string[]): string[] {
  return [...sources].flatMap(([path, text]) => {
    const floor = rooms.indexOf(roomOf(path, rooms));
    if (roomOf(path, rooms) === NO_ROOM) return [];
    return [...text.matchAll(IMPORTED)]
      .map(([, specifier]) => posix.join(posix.dirname(path), specifier!))
      .filter((target) => roomOf(target, rooms) === NO_ROOM || rooms.indexOf(roomOf(target, rooms)) > floor)
      .map((target) => `${path} imports ${target}`);
  });
}

it('the tables are found', () => {
  expect([...tables.keys()].sort()).toEqual([
    ...['apps/partner-registry/src', 'apps/resource-api/src', 'apps/token-service/src', 'libs/mtls-binding/src'],
  ]);
});

describe.each([...tables])('the floors of %s', (folder, rooms) => {
  const sources = sourcesOf(folder);

  it('name every room, each once', () => {
    const there = new Set([...sources.keys()].map((path) => roomOf(path, rooms)).filter((room) => room !== NO_ROOM));
    expect([...rooms].sort()).toEqual([...there].sort());
  });

  it('no room imports one above it', () => {
    expect(arrowsUp(sources, rooms)).toEqual([]);
  });

  it('would be noticed: the lowest room importing the highest, and what stands beside the rooms', () => {
    const lowest = [...sources.keys()].find((path) => roomOf(path, rooms) === rooms[0])!;
    const highest = [...sources.keys()].find((path) => roomOf(path, rooms) === rooms.at(-1))!;
    for (const target of [highest, 'main.ts']) {
      const way = posix.relative(posix.dirname(lowest), target.replace(/\.ts$/, '.js'));
      const broken = new Map(sources).set(lowest, `import { x } from '${way.startsWith('.') ? way : `./${way}`}';\n`);
      expect(arrowsUp(broken, rooms)).toHaveLength(1);
    }
  });
});
