import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../../stack/workspace-root.js';
import { projectArrows, type Arrows } from './project-graph.js';

const TABLE = 'e2e/specs/workspace/project-arrows.json';
const TESTING = ['test-pki', 'test-postgres'];

describe('who depends on whom', () => {
  it('is what the committed table says, specs included', () => {
    const arrows = projectArrows();
    const hint = `${TABLE} and the projects differ. Is the change deliberate? Then put this into the table:\n${JSON.stringify(arrows, null, 2)}\n`;
    expect(arrows, hint).toEqual(JSON.parse(read(TABLE)) as Arrows);
  });

  it('keeps what is made for testing out of what is shipped', () => {
    for (const folder of [
      'apps/token-service',
      'apps/partner-registry',
      'apps/resource-api',
      'libs/platform',
      'libs/mtls-binding',
      'libs/x509',
    ]) {
      const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`)) as { dependencies?: object };
      const shipped = Object.keys(dependencies).map((name) => name.replace('@partner-ecosystem/', ''));
      expect(
        shipped.filter((name) => TESTING.includes(name)),
        folder,
      ).toEqual([]);
    }
  });
});

function read(path: string): string {
  return readFileSync(join(workspaceRoot(), path), 'utf8');
}
