import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { workspaceRoot } from '../../stack/workspace-root.js';

/** Project -> the projects it depends on, its specs included; names without the package scope. */
export type Arrows = Record<string, string[]>;

interface GraphFile {
  graph: { dependencies: Record<string, { target: string }[]> };
}

/**
 * What `nx graph --file` says. It also leaves the graph where the boundary rule looks for it: without that file the
 * rule is skipped in silence.
 */
export function projectArrows(): Arrows {
  const directory = mkdtempSync(join(tmpdir(), 'partner-ecosystem-graph-'));
  const file = join(directory, 'graph.json');
  try {
    const nx = join(workspaceRoot(), 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
    // without what an nx around us has set
    const env = { PATH: dirname(process.execPath), HOME: homedir(), NX_DAEMON: 'false' };
    execFileSync(process.execPath, [nx, 'graph', `--file=${file}`], { cwd: workspaceRoot(), env, stdio: 'pipe' });
    return arrowsIn(JSON.parse(readFileSync(file, 'utf8')) as GraphFile);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function arrowsIn({ graph }: GraphFile): Arrows {
  const shortName = (name: string): string => name.replace(/^@partner-ecosystem\//, '');
  const arrows = Object.entries(graph.dependencies).map(([from, to]): [string, string[]] => [
    shortName(from),
    [...new Set(to.map(({ target }) => shortName(target)))].filter((name) => !name.startsWith('npm:')).sort(),
  ]);
  return Object.fromEntries(arrows.sort(([a], [b]) => a.localeCompare(b)));
}
